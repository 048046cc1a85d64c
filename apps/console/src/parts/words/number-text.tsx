import { formatBytes, formatNumber, formatShare, formatShort, formatSpan } from './format.ts'

interface Props {
  value: number | null | undefined
  /** Said after the number: `requests`, `ms`. */
  unit?: string
  /** `seconds`, `bytes` and `share` (0 to 1) bring their own unit. */
  as?: 'number' | 'short' | 'seconds' | 'bytes' | 'share'
}

const formats = {
  number: formatNumber,
  short: formatShort,
  seconds: formatSpan,
  bytes: formatBytes,
  share: formatShare,
}

/** A number with its unit, in figures of one width; a dash where there is none. */
export function NumberText({ value, unit, as = 'number' }: Props) {
  if (value === null || value === undefined) return <span className="number">–</span>
  return (
    <span className="number" title={as === 'short' ? formatNumber(value) : undefined}>
      {formats[as](value)}
      {unit && ` ${unit}`}
    </span>
  )
}
