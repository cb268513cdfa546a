export type { GitAccount } from './authorization';
export { BareRepository, MAIN, NO_COMMIT } from './repository';
export type { NewCommit, Signature } from './repository';
export { DefaultGitServer } from './server';
export type { GitServerOptions } from './server';
export type { GitCommit, GitPush, RepositoryReader } from './types';
