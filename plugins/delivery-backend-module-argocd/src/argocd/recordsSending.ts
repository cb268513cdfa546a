import { Dispatcher } from 'undici';

/**
 * Tells when a request begins to leave this machine: the connection is there,
 * TLS included, and the first byte goes out next. Before that moment, a failure
 * of whatever kind means that the server never heard of it.
 */
export function recordsSending(
  onSent: () => void,
): Dispatcher.DispatcherComposeInterceptor {
  return dispatch => (options, handler) =>
    dispatch(options, {
      onRequestStart(...args) {
        onSent();
        handler.onRequestStart?.(...args);
      },
      onRequestUpgrade: (...args) => handler.onRequestUpgrade?.(...args),
      onResponseStart: (...args) => handler.onResponseStart?.(...args),
      onResponseData: (...args) => handler.onResponseData?.(...args),
      onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
      onResponseError: (...args) => handler.onResponseError?.(...args),
    });
}
