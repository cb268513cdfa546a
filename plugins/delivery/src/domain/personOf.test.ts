import { personOf } from './personOf';

describe('personOf', () => {
  it.each([
    [
      'Ada Lovelace <Ada@Example.com>',
      { name: 'Ada Lovelace', email: 'ada@example.com' },
    ],
    [
      '<ada@example.com>',
      { name: 'ada@example.com', email: 'ada@example.com' },
    ],
    ['ada@example.com', { name: 'ada@example.com', email: 'ada@example.com' }],
    ['admin', { name: 'admin' }],
    ['Ada Lovelace', { name: 'Ada Lovelace' }],
    ['Ada <not an address>', { name: 'Ada <not an address>' }],
  ])('reads %p', (text, person) => {
    expect(personOf(text)).toEqual(person);
  });
});
