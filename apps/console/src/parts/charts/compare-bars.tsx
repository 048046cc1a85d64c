import type { ReactNode } from 'react'
import type { Tone } from '../badges/tones.ts'
import './compare-bars.css'

export interface CompareBar {
  label: string
  value: number
  /** The value with its unit. */
  text: ReactNode
  /** A CSS variable of `look.css`: `--mark-bad`. */
  color: `--mark-${string}` | `--tone-${Tone}`
}

/** Some numbers of one kind as bars on one scale, with their names and values as text. */
export function CompareBars({ bars }: { bars: readonly CompareBar[] }) {
  const most = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE)
  return (
    <ul className="compare">
      {bars.map(({ label, value, text, color }) => (
        <li key={label}>
          <span className="compare-label">{label}</span>
          <span className="compare-track" aria-hidden="true">
            <span
              className="compare-bar"
              style={{
                width: `${value === 0 ? 0 : Math.max(0.75, (value / most) * 100)}%`,
                background: `var(${color})`,
              }}
            />
          </span>
          <span className="compare-value number">{text}</span>
        </li>
      ))}
    </ul>
  )
}
