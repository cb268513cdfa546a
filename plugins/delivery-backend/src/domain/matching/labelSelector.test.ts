import fc from 'fast-check';
import { matchesLabels, parseLabelSelector } from './labelSelector';

function selects(selector: string, labels: { [name: string]: string }) {
  return matchesLabels(parseLabelSelector(selector), labels);
}

function outcomeOf(selector: string): string {
  try {
    parseLabelSelector(selector);
    return 'read';
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}

describe('a label selector', () => {
  it.each([
    ['app=checkout', { app: 'checkout' }, true],
    ['app==checkout', { app: 'checkout' }, true],
    ['app=checkout', { app: 'order' }, false],
    ['app=checkout', {}, false],
    ['app!=checkout', { app: 'order' }, true],
    ['app!=checkout', {}, true],
    ['app in (checkout, order)', { app: 'order' }, true],
    ['app in (checkout,order)', { app: 'user' }, false],
    ['app notin (checkout)', { app: 'order' }, true],
    ['app notin (checkout)', {}, true],
    ['app', { app: '' }, true],
    ['app', {}, false],
    ['!app', {}, true],
    ['!app', { app: 'x' }, false],
    [' app = checkout , tier != cache ', { app: 'checkout' }, true],
    ['app=checkout,tier in (web)', { app: 'checkout', tier: 'db' }, false],
    [
      'app.kubernetes.io/name=checkout',
      { 'app.kubernetes.io/name': 'checkout' },
      true,
    ],
    ['app=', { app: '' }, true],
    ['app in (,a)', { app: '' }, true],
    ['in in (in)', { in: 'in' }, true],
    ['notin', { notin: 'x' }, true],
  ])('%s on %j selects: %s', (selector, labels, selected) => {
    expect(selects(selector, labels)).toBe(selected);
  });

  it.each([
    ['', /empty/],
    ['   ', /empty/],
    ['=x', /a label name/],
    ['app in checkout', /'\('/],
    ['app in (a', /',' or '\)' but found the end/],
    ['app=a b', /','/],
    ['app=a,', /a label name but found the end/],
    ['app>1', /'app>1' is not the name of a label/],
    ['app=a/b', /not the value of a label/],
    ['-app=a', /not the name of a label/],
    ['a/b/c=d', /not the name of a label/],
    ['app=(x)', /a value but found '\('/],
  ])('refuses %j and says why', (selector, message) => {
    expect(() => parseLabelSelector(selector)).toThrow(message);
  });

  it('does not take what every object has for a label', () => {
    expect(selects('constructor', {})).toBe(false);
  });

  const name = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/);
  const labels = fc.dictionary(name, name);

  it('selects or refuses by != exactly where it does not by =', () => {
    fc.assert(
      fc.property(name, name, labels, (key, value, all) => {
        expect(selects(`${key}!=${value}`, all)).toBe(
          !selects(`${key}=${value}`, all),
        );
        expect(selects(`!${key}`, all)).toBe(!selects(key, all));
      }),
    );
  });

  it('reads a set of one as an equality, and a comma as "and"', () => {
    fc.assert(
      fc.property(name, name, name, labels, (key, value, other, all) => {
        expect(selects(`${key} in (${value})`, all)).toBe(
          selects(`${key}=${value}`, all),
        );
        expect(selects(`${key}=${value},${other}`, all)).toBe(
          selects(`${key}=${value}`, all) && selects(other, all),
        );
      }),
    );
  });

  it('either is read or is refused with a LabelSelectorError', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), text => {
        expect(['read', 'LabelSelectorError']).toContain(outcomeOf(text));
      }),
    );
  });
});
