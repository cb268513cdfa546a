import {
  announceSignOut,
  forgetSignOut,
  signedOutAt,
  watchForSignOut,
} from './signOutNews';

/** The tabs of one browser, which jsdom has no channel for. */
class Channel {
  static tabs = new Set<Channel>();
  onmessage: ((event: unknown) => void) | undefined;
  constructor() {
    Channel.tabs.add(this);
  }
  postMessage(data: unknown) {
    for (const tab of Channel.tabs) {
      if (tab !== this) {
        tab.onmessage?.({ data });
      }
    }
  }
  close() {
    Channel.tabs.delete(this);
  }
}

describe('news of a sign-out', () => {
  const original = globalThis.BroadcastChannel;
  const callbacks = {
    onSignedOutElsewhere: jest.fn(),
    onBroughtBack: jest.fn(),
  };

  beforeEach(() => {
    globalThis.BroadcastChannel =
      Channel as unknown as typeof globalThis.BroadcastChannel;
    forgetSignOut();
    jest.clearAllMocks();
  });
  afterEach(() => {
    globalThis.BroadcastChannel = original;
  });

  it('reaches the other tabs, whose tokens would live on', () => {
    const stop = watchForSignOut(callbacks);
    announceSignOut();
    expect(callbacks.onSignedOutElsewhere).toHaveBeenCalledTimes(1);
    expect(signedOutAt()).toBeDefined();
    stop();
    announceSignOut();
    expect(callbacks.onSignedOutElsewhere).toHaveBeenCalledTimes(1);
  });

  it('reaches a page that the browser had put away for its back button', () => {
    const stop = watchForSignOut(callbacks);
    const pageShow = (persisted: boolean) =>
      window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted }));
    pageShow(false);
    expect(callbacks.onBroughtBack).not.toHaveBeenCalled();
    pageShow(true);
    expect(callbacks.onBroughtBack).toHaveBeenCalledTimes(1);
    stop();
  });
});
