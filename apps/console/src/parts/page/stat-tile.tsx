import { Skeleton, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { Tone } from '../badges/tones.ts'
import './stat-tile.css'

interface Props {
  label: string
  /** Undefined while it is being read. */
  value: ReactNode
  /** Said small below it: of what, since when. */
  note?: ReactNode
  /** Where the figure is explained. */
  href?: string
  /** Colours the figure where it is bad. */
  tone?: Tone
}

/** One figure with its name. It keeps its size while it loads. */
export function StatTile({ label, value, note, href, tone }: Props) {
  const inside = (
    <>
      <Text size="sm" c="dimmed" fw={500}>
        {label}
      </Text>
      <div className="stat-value number" style={tone && { color: `var(--tone-${tone})` }}>
        {value === undefined ? <Skeleton height={24} width={72} mt={6} /> : value}
      </div>
      <Text size="xs" c="dimmed" component="div" className="stat-note">
        {note}
      </Text>
    </>
  )
  if (!href) return <div className="card stat">{inside}</div>
  return (
    <Link href={href} className="card stat stat-link">
      {inside}
    </Link>
  )
}
