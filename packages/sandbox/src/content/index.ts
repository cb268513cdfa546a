export { CATALOG_FILE, CATALOG_REPOSITORY, catalogRepository } from './catalog';
export { gitopsRepository } from './gitops';
export type { ReleaseChoice } from './gitops';
export { gitopsHistory, releaseMessage } from './history';
export type { PastCommit } from './history';
export { messageTemplates } from './messageTemplates';
export { applicationPath, imageName, overlayPath } from './names';
export { isPinned } from './serviceOverlay';
export type { FileTree } from './yaml';
