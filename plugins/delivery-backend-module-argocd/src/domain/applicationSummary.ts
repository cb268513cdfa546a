import {
  OBSERVED_ANNOTATIONS,
  ObservedApplication,
} from '@slipway/plugin-delivery-node';
import { WireApplication } from '../argocd/wire';
import { toConditions } from './conditions';
import { newestHistoryId } from './history';
import { toOperation } from './operation';
import { toSources, toSyncRevisions } from './sources';
import { toHealthState, toSyncPolicy, toSyncState } from './states';

/**
 * The part of an application that the event stream carries: everything but its
 * history, its workloads, its commits, and whether Argo CD has looked again.
 */
export type ApplicationSummary = Omit<
  ObservedApplication,
  'verified' | 'history' | 'workloads' | 'workloadsObservedAt' | 'commits'
> & {
  /** Id of the newest entry of its history. */
  newestHistoryId?: number;
  /** When Argo CD last looked: ISO 8601. Not known from the stream. */
  reconciledAt?: string;
};

/** What is known of an instance beside its applications. */
export type InstanceContext = {
  /** Its configured name. */
  instance: string;
  /** Base URL of its pages, without a slash at the end. */
  pageUrl: string;
};

/** Reads an application from an event of the stream or from a whole object. */
export function toApplicationSummary(
  application: WireApplication,
  context: InstanceContext,
): ApplicationSummary {
  const { metadata, spec, status } = application;
  const namespace = metadata.namespace ?? '';
  return {
    id: { instance: context.instance, namespace, name: metadata.name },
    uid: metadata.uid,
    project: spec?.project || 'default',
    labels: metadata.labels ?? {},
    annotations: observedAnnotations(metadata.annotations ?? {}),
    destination: {
      server: spec?.destination?.server || undefined,
      name: spec?.destination?.name || undefined,
      namespace: spec?.destination?.namespace || undefined,
    },
    sources: toSources(application),
    policy: toSyncPolicy(application),
    sync: {
      state: toSyncState(status?.sync?.status),
      revisions: toSyncRevisions(application),
    },
    health: {
      state: toHealthState(status?.health?.status),
      message: status?.health?.message || undefined,
      since: status?.health?.lastTransitionTime,
    },
    operation: toOperation(application),
    conditions: toConditions(application),
    images: status?.summary?.images ?? [],
    appOfApps: isAppOfApps(application),
    deleting: metadata.deletionTimestamp !== undefined,
    url: pageOf({ context, namespace, name: metadata.name }),
    newestHistoryId: newestHistoryId(application),
    reconciledAt: status?.reconciledAt,
  };
}

/**
 * Whether an application deploys applications. Argo CD says so itself from 3.5;
 * before, only the resources of the whole object do.
 */
function isAppOfApps(application: WireApplication): boolean {
  return (
    application.status?.summary?.isAppOfApps === true ||
    (application.status?.resources ?? []).some(
      resource =>
        resource.group === 'argoproj.io' && resource.kind === 'Application',
    )
  );
}

function observedAnnotations(annotations: { [name: string]: string }) {
  const kept: { [name: string]: string } = {};
  for (const name of OBSERVED_ANNOTATIONS) {
    if (annotations[name] !== undefined) {
      kept[name] = annotations[name];
    }
  }
  return kept;
}

function pageOf(options: {
  context: InstanceContext;
  namespace: string;
  name: string;
}): string {
  const path = [options.namespace, options.name]
    .filter(part => part !== '')
    .map(encodeURIComponent)
    .join('/');
  return `${options.context.pageUrl}/applications/${path}`;
}
