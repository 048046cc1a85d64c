/** Momentry's mark; the text beside it names it. @param size in pixels */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--mantine-color-iris-6)" />
      <path
        d="M8 22V12.5a4 4 0 0 1 8 0V19a4 4 0 0 0 8 0v-9"
        fill="none"
        stroke="#fff"
        strokeWidth="3"
        strokeLinecap="round"
      />
      <circle cx="24" cy="10" r="2.6" fill="#fff" />
    </svg>
  )
}
