import fc from 'fast-check';
import { actionOfMessage, RevertMessage, writeMessage } from './commitMessage';

const message: RevertMessage = {
  subject: 'Put checkout v1.8.2 back in production',
  body: ['Undoes what changed between 1111111 and 2222222.'],
  requestedBy: 'user:default/marco.silva',
  reason: 'It is slow',
  actionId: '0190-a1',
};

describe('the message of a revert', () => {
  it('ends with who asked for it, why, and by which action', () => {
    expect(writeMessage(message)).toBe(`Put checkout v1.8.2 back in production

Undoes what changed between 1111111 and 2222222.

Requested-by: user:default/marco.silva
Reason: It is slow
Slipway-Action: 0190-a1
`);
  });

  it('folds a long reason as Git does', () => {
    const written = writeMessage({ ...message, reason: 'word '.repeat(40) });
    const [, folded] = /\nReason: ([^]*)\nSlipway-Action/.exec(written) ?? [];
    const lines = folded.split('\n');
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.slice(1).every(line => line.startsWith(' word'))).toBe(true);
    expect(written.split('\n').every(line => line.length <= 73)).toBe(true);
  });

  it('lets nobody forge a trailer or another action, whatever they write', () => {
    const nasty = fc.string({
      unit: fc.oneof(
        fc.constantFrom('\n', '\r', '\u2028', '\u0085', '\v', '\f', ' ', ':'),
        fc.constantFrom('Slipway-Action: x', 'Requested-by: x', '\n\n'),
        fc.string({ unit: 'grapheme', maxLength: 3 }),
      ),
      maxLength: 40,
    });
    fc.assert(
      fc.property(nasty, nasty, nasty, (reason, subject, requestedBy) => {
        const written = writeMessage({
          ...message,
          reason,
          subject: `s ${subject}`,
          requestedBy: `user:default/${requestedBy}`,
        });
        expect(actionOfMessage(written)).toBe(message.actionId);
        const own = written
          .split('\n')
          .filter(line => /^(Slipway-Action|Requested-by|Reason): /.test(line));
        expect(own.slice(-3).map(line => line.split(':')[0])).toEqual([
          'Requested-by',
          'Reason',
          'Slipway-Action',
        ]);
        expect(own.length).toBeLessThanOrEqual(3);
      }),
    );
  });

  it.each([
    ['without trailers', 'Slipway-Action: a'],
    ['with the trailer in its body', 'x\n\nSlipway-Action: a\n\nReason: b'],
    ['with two of them', 'x\n\nSlipway-Action: a\nSlipway-Action: b'],
    ['that quotes one', 'x\n\nReason: y\n Slipway-Action: a'],
    ['that is empty', ''],
  ])('is not that of an action %s', (_what, text) => {
    expect(actionOfMessage(text)).toBeUndefined();
  });
});
