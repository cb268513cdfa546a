import { useId } from 'react';
import { DeploymentStatus } from '@slipway/plugin-delivery-common';

/**
 * The picture of a status, drawn in the current colour so that light, dark and
 * print need no versions of their own. Decoration: a word stands beside it.
 */
export function StatusGlyph(props: {
  status: DeploymentStatus;
  className?: string;
}) {
  return (
    <svg
      className={props.className}
      viewBox="0 0 16 16"
      width="16"
      height="16"
      aria-hidden="true"
      focusable="false"
    >
      <Picture status={props.status} />
    </svg>
  );
}

function Picture(props: { status: DeploymentStatus }) {
  const { status } = props;
  switch (status) {
    case 'healthy':
      return (
        <>
          <circle cx="8" cy="8" r="7" fill="currentColor" />
          <path
            d="M4.6 8.3 7 10.7l4.4-5"
            fill="none"
            stroke="var(--bui-bg-app)"
            strokeWidth="1.8"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        </>
      );
    case 'progressing':
      return (
        <>
          <circle
            cx="8"
            cy="8"
            r="6.2"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.6"
          />
          <path d="M8 3.4a4.6 4.6 0 0 1 0 9.2Z" fill="currentColor" />
        </>
      );
    case 'waiting':
      return (
        <>
          <rect x="1" y="1" width="14" height="14" rx="4" fill="currentColor" />
          <path
            d="M6 5v6M10 5v6"
            stroke="var(--bui-bg-app)"
            strokeWidth="1.8"
            strokeLinecap="round"
          />
        </>
      );
    case 'degraded':
      return (
        <>
          <path
            d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1Z"
            fill="currentColor"
          />
          <path
            d="m5.5 5.5 5 5m0-5-5 5"
            stroke="var(--bui-bg-app)"
            strokeWidth="1.8"
            strokeLinecap="round"
          />
        </>
      );
    case 'unknown':
      return <Unknown />;
    default:
      throw new TypeError(`Unknown status ${status satisfies never}`);
  }
}

/** Hatched, so that what is not known cannot be taken for a plain state. */
function Unknown() {
  const hatch = useId();
  return (
    <>
      <defs>
        <pattern
          id={hatch}
          width="3"
          height="3"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect width="1" height="3" fill="currentColor" opacity="0.35" />
        </pattern>
      </defs>
      <circle
        cx="8"
        cy="8"
        r="6.4"
        fill={`url(#${hatch})`}
        stroke="currentColor"
        strokeWidth="1.2"
      />
      <path
        d="M6.1 6.4a1.9 1.9 0 1 1 2.7 1.7c-.6.3-.8.6-.8 1.2"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinecap="round"
      />
      <circle cx="8" cy="11.5" r="1" fill="currentColor" />
    </>
  );
}
