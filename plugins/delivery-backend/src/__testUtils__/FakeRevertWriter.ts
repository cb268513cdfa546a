import { Commit } from '@slipway/plugin-delivery-common';
import { GitOpsError } from '../gitops/GitOpsError';
import {
  RevertDraft,
  RevertRequest,
  RevertWriter,
} from '../gitops/RevertWriter';
import { sha } from './applications';
import { FakeArgoCd, Mishap } from './FakeArgoCd';

/** A repository of which one application is deployed, written to in memory. */
export class FakeRevertWriter implements RevertWriter {
  readonly commits: { actionId: string; message: string; commit: Commit }[] =
    [];
  mishaps: Mishap[] = [];
  /** Whether somebody has changed the same files since the draft. */
  changed = false;
  conflicts: string[] = [];
  readonly #argo: FakeArgoCd;

  constructor(argo: FakeArgoCd) {
    this.#argo = argo;
  }

  whyReadOnly(): undefined {
    return undefined;
  }

  async draft(
    request: RevertRequest & { signal: AbortSignal },
  ): Promise<RevertDraft> {
    return {
      repository: request.repoUrl,
      branch: 'main',
      head: this.#argo.head[0],
      files:
        this.conflicts.length > 0
          ? []
          : [
              {
                path: 'apps/checkout/kustomization.yaml',
                change: 'modify',
                patch: '-1.9.0\n+1.8.2\n',
              },
            ],
      conflicts: this.conflicts,
      between: 'images',
      fingerprint: `${request.taken}..${request.back}`,
    };
  }

  async commit(
    request: Parameters<RevertWriter['commit']>[0],
  ): Promise<Commit> {
    request.signal.throwIfAborted();
    const mishap = this.mishaps.shift();
    if (mishap === 'unreachable' || mishap === 'request-lost') {
      throw unavailable();
    }
    const { actionId } = request;
    let made = this.commits.find(one => one.actionId === actionId);
    if (!made) {
      if (this.changed) {
        throw new GitOpsError({
          kind: 'changed',
          message: 'The files were changed since.',
        });
      }
      made = {
        actionId,
        message: `${request.subject}\n\nReason: ${request.reason}\nRequested-By: ${request.person.entityRef}`,
        commit: { sha: sha('c'), message: request.subject },
      };
      this.commits.push(made);
      this.#argo.push(made.commit.sha);
    }
    if (mishap === 'answer-lost') {
      throw unavailable();
    }
    return made.commit;
  }
}

function unavailable(): GitOpsError {
  return new GitOpsError({
    kind: 'unavailable',
    message: 'The repository did not answer.',
  });
}
