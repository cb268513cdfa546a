export { ScenarioRunner } from './runner';
export type { ActiveScenario, ScenarioDescription } from './runner';
export type { ScenarioContext } from './types';
