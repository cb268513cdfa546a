import {
  ApplicationId,
  ApplicationSink,
  ObservedApplication,
  stringifyApplicationId,
  UpstreamReport,
} from '@slipway/plugin-delivery-node';

/** A sink that keeps what it is given, and every step of the way. */
export class RecordingSink implements ApplicationSink {
  readonly applications = new Map<string, ObservedApplication>();
  readonly upserts: ObservedApplication[][] = [];
  readonly removals: ApplicationId[][] = [];
  readonly retained: ApplicationId[][] = [];
  readonly reports: UpstreamReport[] = [];
  /** Runs before every call; what it throws is what the call rejects with. */
  before: (() => Promise<void>) | undefined;

  async upsert(applications: ObservedApplication[]): Promise<void> {
    await this.before?.();
    this.upserts.push(applications);
    for (const application of applications) {
      this.applications.set(
        stringifyApplicationId(application.id),
        application,
      );
    }
  }

  async remove(ids: ApplicationId[]): Promise<void> {
    await this.before?.();
    this.removals.push(ids);
    for (const id of ids) {
      this.applications.delete(stringifyApplicationId(id));
    }
  }

  async retainOnly(ids: ApplicationId[]): Promise<void> {
    await this.before?.();
    this.retained.push(ids);
    const kept = new Set(ids.map(stringifyApplicationId));
    for (const key of this.applications.keys()) {
      if (!kept.has(key)) {
        this.applications.delete(key);
      }
    }
  }

  async report(report: UpstreamReport): Promise<void> {
    await this.before?.();
    this.reports.push(report);
  }

  get(name: string, namespace = 'argocd', instance = 'main') {
    return this.applications.get(
      stringifyApplicationId({ instance, namespace, name }),
    );
  }

  get state(): UpstreamReport | undefined {
    return this.reports.at(-1);
  }
}
