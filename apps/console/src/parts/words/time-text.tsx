import { Tooltip } from '@mantine/core'
import { formatDistance, formatLocal, formatUtc } from './format.ts'
import { useNow } from './use-now.ts'

interface Props {
  /** RFC 3339; null is a dash. */
  at: string | null | undefined
  /** `distance` says how far away it is; `moment` (the default) says when. */
  as?: 'moment' | 'distance'
  /** What stands there where there is no time. */
  none?: string
}

/** A time in the reader's own zone, with UTC on hover and focus. */
export function TimeText({ at, as = 'moment', none = '–' }: Props) {
  const now = useNow(as === 'distance')
  if (!at) return <span className="number">{none}</span>
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return <span>{at}</span>
  const hint = as === 'distance' ? `${formatLocal(date)} · ${formatUtc(date)}` : formatUtc(date)
  return (
    <Tooltip label={hint} events={{ hover: true, focus: true, touch: true }}>
      <time dateTime={at}>{as === 'distance' ? formatDistance(date, now) : formatLocal(date)}</time>
    </Tooltip>
  )
}
