import {
  UpstreamCommandError,
  UpstreamCommandErrorKind,
} from '@slipway/plugin-delivery-node';
import { ArgoCdError, isArgoCdError } from '../argocd/ArgoCdError';
import { saidNo } from './saidNo';

/** What was asked of Argo CD. */
export type CommandKind = 'read' | 'refresh' | 'sync' | 'terminate';

/**
 * Turns a failure of a command into one that callers branch on, with a sentence
 * that says what to do where somebody can do something. The failure itself is
 * for the log: as a cause, its words would be added to the sentence.
 */
export function toCommandError(options: {
  error: unknown;
  command: CommandKind;
  /** The request had begun to leave this machine. */
  sent: boolean;
}): UpstreamCommandError {
  const { error, command, sent } = options;
  if (!isArgoCdError(error)) {
    return new UpstreamCommandError({
      kind: 'unexpected',
      message: 'Asking Argo CD failed in the portal itself: see its log',
      mayHaveHappened: command !== 'read' && sent,
    });
  }
  const kind = kindOf(error, command);
  return new UpstreamCommandError({
    kind,
    message: messageOf(kind, command) ?? asSentence(error.message),
    mayHaveHappened: command !== 'read' && sent && !saidNo(error),
  });
}

function kindOf(
  error: ArgoCdError,
  command: CommandKind,
): UpstreamCommandErrorKind {
  switch (error.kind) {
    case 'unauthenticated':
    case 'login-refused':
      return 'unauthenticated';
    case 'forbidden':
      return 'forbidden';
    case 'not-found':
    case 'not-found-or-forbidden':
      return 'not-found';
    case 'blocked-by-sync-window':
      return 'blocked-by-sync-window';
    case 'operation-in-progress':
      return 'operation-in-progress';
    case 'conflict':
      return 'conflict';
    case 'invalid-request':
      // The one thing that can be wrong with it, once it was understood.
      return command === 'terminate' && error.code === 3
        ? 'no-operation'
        : 'invalid';
    case 'unsupported':
      return 'invalid';
    case 'rate-limited':
    case 'unavailable':
    case 'server-error':
    case 'timeout':
    case 'unreachable':
      return 'unavailable';
    case 'unexpected-answer':
      return 'unexpected';
    default:
      return error.kind satisfies never;
  }
}

/** A sentence that says more than the client's own; `undefined` for that one. */
function messageOf(
  kind: UpstreamCommandErrorKind,
  command: CommandKind,
): string | undefined {
  switch (kind) {
    case 'operation-in-progress':
      return 'Another operation is already in progress on the application: wait until it is over, or terminate it.';
    case 'no-operation':
      return 'No operation is in progress on the application, so there is nothing to terminate.';
    case 'blocked-by-sync-window':
      return 'A sync window of Argo CD forbids a sync now.';
    case 'not-found':
      return 'Argo CD does not have the application in that project, or does not show it to the account of the portal: it may have been deleted or moved.';
    case 'forbidden':
      return `Argo CD does not allow this to the account of the portal: give it '${permissionFor(
        command,
      )}' on the application.`;
    case 'unauthenticated':
      return `Argo CD does not accept the credential of the portal (${
        command === 'read' ? 'token' : 'actToken'
      }): it may be expired or revoked.`;
    case 'conflict':
    case 'invalid':
    case 'unavailable':
    case 'unexpected':
      return undefined;
    default:
      return kind satisfies never;
  }
}

function permissionFor(command: CommandKind): string {
  switch (command) {
    case 'read':
    case 'refresh':
      return 'applications, get';
    case 'sync':
    case 'terminate':
      return 'applications, sync';
    default:
      return command satisfies never;
  }
}

function asSentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
