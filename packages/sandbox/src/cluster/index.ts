export * from './health';
export * from './objectStore';
export * from './simulatedCluster';
export { chance, shortName } from './chance';
export { differs, threeWayMerge } from './threeWayMerge';
export { imagesOf } from './workloads/pods';
