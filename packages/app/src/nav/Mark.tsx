/**
 * A hull on its way down the slip.
 */
export function Mark(props: { size: number }) {
  const { size } = props;
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 32 32"
      fill="none"
      aria-hidden="true"
      style={{ flexShrink: 0 }}
    >
      <path
        d="M4 13h24l-4.2 8.4a3 3 0 0 1-2.7 1.6H10.2a3 3 0 0 1-2.8-2L4 13Z"
        fill="currentColor"
      />
      <path d="M15 3v8M15 4l7 5h-7" stroke="currentColor" strokeWidth="2" />
      <path
        d="M2 28 30 25"
        stroke="#7cc4ec"
        strokeWidth="2.5"
        strokeLinecap="round"
      />
    </svg>
  );
}
