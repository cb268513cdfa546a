export * from './chain';
export * from './deployment';
export * from './fleet';
export * from './history';
export * from './observation';
export * from './release';
export * from './status';
export * from './upstream';
