import '@testing-library/jest-dom';
import { configure } from '@testing-library/react';

// One second is not always enough for a page to be there on a busy machine, nor
// are five for a test that types into a dialog and presses its buttons.
configure({ asyncUtilTimeout: 15_000 });
jest.setTimeout(60_000);

// jsdom lays nothing out, so it has no observer either; lists that can load more
// ask for one as they open.
class NothingIsSeen implements IntersectionObserver {
  readonly root: Element | null = null;
  readonly rootMargin: string = '';
  readonly thresholds: readonly number[] = [];

  observe() {}

  unobserve() {}

  disconnect() {}

  takeRecords(): IntersectionObserverEntry[] {
    return [];
  }
}
window.IntersectionObserver = NothingIsSeen;
