export * from './FakeArgoCd';
export * from './objects';
export * from './RecordingSink';
export * from './follow';
export * from './eventually';
export * from './naiveCron';
export * from './certificates';
export * from './runInProcess';
