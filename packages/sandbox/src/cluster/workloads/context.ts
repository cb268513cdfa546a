import { SandboxClock } from '../../clock';
import { ObjectStore } from '../objectStore';

/** What the controllers of a simulated cluster share. */
export interface WorkloadContext {
  readonly store: ObjectStore;
  readonly clock: SandboxClock;
  readonly seed: number;
  /** Simulated seconds until a new pod is ready, give or take a fifth. */
  readonly podReadySeconds: number;
  /** Whether containers with this image never start. */
  isBadImage(image: string): boolean;
  /** Whether a Job with this image runs for ever. */
  isStuckImage(image: string): boolean;
  /** True while the past is made up: pods are ready at once. */
  isInstant(): boolean;
  /**
   * Runs something after a simulated delay, once for a name: a later call
   * with the name replaces the one before, a negative delay only cancels it.
   */
  later(name: string, delaySeconds: number, run: () => void): void;
  /** Whether {@link WorkloadContext.later} still waits under this name. */
  isWaiting(name: string): boolean;
  /** How far each rollout was when its deadline last started, by uid. */
  readonly progress: Map<string, string>;
}
