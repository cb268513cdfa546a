/**
 * API reference, hooks and small components that show delivery state. Other
 * plugins embed them; the pages themselves are in `@slipway/plugin-delivery`.
 *
 * @packageDocumentation
 */
export * from './api';
export * from './components';
export * from './hooks';
export {
  releaseView,
  shortDigest,
  type ReleaseView,
} from './domain/releaseView';
export {
  clockTime,
  timeInFull,
  timeSpan,
  type TimeSpan,
} from './domain/timeSpan';
export { deliveryReactTranslationRef } from './translation';
