/** Spans of time that dialogs offer, in seconds as text. */
export const muteChoices = [
  { value: '3600', label: '1 hour' },
  { value: '14400', label: '4 hours' },
  { value: '86400', label: '1 day' },
  { value: '604800', label: '7 days' },
] as const
