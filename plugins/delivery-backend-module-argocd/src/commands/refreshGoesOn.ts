import { ArgoCdError } from '../argocd/ArgoCdError';

/**
 * Whether a failed request for a refresh only says that the refresh takes longer.
 *
 * Argo CD marks the application first and waits then until its controller is
 * done. When whoever waits gives up - we, a gateway, or Argo CD itself - the
 * mark stays, and the refresh still happens.
 */
export function refreshGoesOn(options: {
  error: ArgoCdError;
  /** The request had begun to leave this machine. */
  sent: boolean;
}): boolean {
  // The time limit of ours, of a gateway (408, 504), or of Argo CD (code 1, 2, 4).
  return options.sent && options.error.kind === 'timeout';
}
