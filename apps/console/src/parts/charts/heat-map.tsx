import { Text, VisuallyHidden } from '@mantine/core'
import { formatNumber, formatShort } from '../words/format.ts'
import './heat-map.css'

const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const

interface Props {
  /** What the numbers count: `requests`. */
  unit: string
  /** 168 of them, from Monday 00:00 UTC on. */
  hours: readonly number[]
}

/** A week by hour (UTC): the darker, the more. Screen readers get it as a table. */
export function HeatMap({ unit, hours }: Props) {
  const most = Math.max(0, ...hours)
  const now = new Date()
  const current = ((now.getUTCDay() + 6) % 7) * 24 + now.getUTCHours()
  return (
    <figure className="heat">
      <div className="heat-grid" aria-hidden="true">
        <span />
        {Array.from({ length: 24 }, (_, hour) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: hours are their places
          <span key={hour} className="heat-hour">
            {hour % 3 === 0 ? String(hour).padStart(2, '0') : ''}
          </span>
        ))}
        {days.map((day, row) => (
          <HeatRow key={day} day={day} row={row} hours={hours} most={most} unit={unit} current={current} />
        ))}
      </div>
      <Text size="xs" c="dimmed" component="figcaption" className="heat-caption">
        <span>Hours in UTC</span>
        <span className="heat-scale">
          0
          {[0, 0.25, 0.5, 0.75, 1].map((share) => (
            <span key={share} className="heat-cell" style={shade(share)} />
          ))}
          {formatShort(most)} {unit}
        </span>
      </Text>
      <VisuallyHidden>
        <HeatTable hours={hours} unit={unit} />
      </VisuallyHidden>
    </figure>
  )
}

interface RowProps extends Props {
  day: string
  row: number
  most: number
  current: number
}

function HeatRow({ day, row, hours, most, unit, current }: RowProps) {
  return (
    <>
      <span className="heat-day">{day.slice(0, 3)}</span>
      {Array.from({ length: 24 }, (_, hour) => {
        const value = hours[row * 24 + hour] ?? 0
        const from = String(hour).padStart(2, '0')
        return (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: hours are their places
            key={hour}
            className="heat-cell"
            data-now={row * 24 + hour === current || undefined}
            style={shade(most === 0 ? 0 : Math.sqrt(value / most))}
            title={`${day} ${from}:00 UTC: ${formatNumber(value)} ${unit}`}
          />
        )
      })}
    </>
  )
}

function HeatTable({ hours, unit }: Props) {
  return (
    <table>
      <caption>{unit} by day and hour of the week, in UTC</caption>
      <tbody>
        {days.map((day, row) => (
          <tr key={day}>
            <th scope="row">{day}</th>
            {Array.from({ length: 24 }, (_, hour) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: hours are their places
              <td key={hour}>{`${hour}:00: ${formatNumber(hours[row * 24 + hour] ?? 0)}`}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** By the root of the share, so that quiet hours still differ from empty ones beside a peak. */
function shade(share: number): { background: string } | undefined {
  if (share === 0) return undefined
  return { background: `color-mix(in oklab, var(--tone-accent) ${Math.round(14 + 86 * share)}%, var(--surface))` }
}
