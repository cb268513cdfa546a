/**
 * A delivery platform on one's own machine: Git, Argo CD and OpenID Connect
 * servers over one simulated model.
 *
 * @packageDocumentation
 */
export { startSandbox } from './sandbox';
export type {
  Sandbox,
  SandboxCredentials,
  SandboxOptions,
  SandboxPorts,
  SandboxUrls,
} from './sandbox';
export { DefaultSandboxClock } from './clock';
export type { SandboxClock } from './clock';
export type { ArgoCdSimulator } from './argocd/types';
export { DefaultGitServer } from './git';
export type { GitCommit, GitPush, RepositoryReader } from './git';
export { createModel } from './model';
export type * from './model/types';
export type { ActiveScenario, ScenarioDescription } from './scenarios';
