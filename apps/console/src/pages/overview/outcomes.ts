/** What validating says, in the few kinds that a chart can tell apart. */
export const outcomeKinds = [
  { label: 'Valid', color: '--mark-good', codes: ['VALID'] },
  { label: 'Unknown secret', color: '--mark-neutral', codes: ['MALFORMED', 'NOT_FOUND'] },
  { label: 'No longer good', color: '--mark-warn', codes: ['EXPIRED', 'REVOKED', 'ROTATED', 'DISABLED'] },
  { label: 'Not allowed', color: '--mark-bad', codes: ['IP_NOT_ALLOWED', 'INSUFFICIENT_SCOPE'] },
  { label: 'Over a limit', color: '--mark-info', codes: ['RATE_LIMITED', 'QUOTA_EXCEEDED'] },
] as const

/** The words for a code of the API: `RATE_LIMITED` is `rate limited`. */
export const outcomeName = (code: string): string => code.toLowerCase().replaceAll('_', ' ')
