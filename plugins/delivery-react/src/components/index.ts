export { CopyButton, type CopyButtonProps } from './CopyButton';
export { EmptyState, type EmptyStateProps, type Snippet } from './EmptyState';
export { Hint, type HintProps } from './Hint';
export { ObservationNote, type ObservationNoteProps } from './ObservationNote';
export { RelativeTime, type RelativeTimeProps } from './RelativeTime';
export { ReleaseChip, type ReleaseChipProps } from './ReleaseChip';
export { StatusBadge, type StatusBadgeProps } from './StatusBadge';
export { UpstreamBanner, type UpstreamBannerProps } from './UpstreamBanner';
export { useTimeWords, type TimeWords } from './useTimeWords';
export {
  useDeliveryErrorWords,
  type ErrorWords,
} from './useDeliveryErrorWords';
