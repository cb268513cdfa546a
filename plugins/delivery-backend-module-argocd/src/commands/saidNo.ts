import { ArgoCdError } from '../argocd/ArgoCdError';

/**
 * Whether a failed answer is a refusal: nothing happened, and nothing will. With
 * any other failure of a request that was sent, Argo CD may have taken it on:
 * its answer was lost, or it failed while, or after, it wrote.
 *
 * A gateway's refusal has no gRPC code. It counts when it is one of the request
 * (4xx, or a redirect) and not of what came back to the gateway.
 */
export function saidNo(error: ArgoCdError): boolean {
  const { httpStatus, code } = error;
  if (httpStatus === undefined) {
    return false;
  }
  switch (code) {
    case 3:
    case 5:
    case 6:
    case 7:
    case 8:
    case 9:
    case 10:
    case 11:
    case 12:
    case 16:
      return true;
    case undefined:
      return (
        (httpStatus >= 300 && httpStatus < 500 && httpStatus !== 408) ||
        httpStatus === 501
      );
    default:
      return false;
  }
}
