/** Momentry's mark; the text beside it names it. @param size in pixels */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--mantine-color-iris-6)" />
      <path
        d="M7.5 22.5V14a4.25 4.25 0 0 1 8.5 0v8.5M16 14a4.25 4.25 0 0 1 8.5 0v3"
        fill="none"
        stroke="#fff"
        strokeWidth="2.75"
        strokeLinecap="round"
      />
      <circle cx="24.5" cy="22" r="2" fill="#fff" />
    </svg>
  )
}
