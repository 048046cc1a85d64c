import type { ReactNode } from 'react'
import type { Tone } from './tones.ts'
import './badge.css'

/** A word with a meaning. The dot and the colour only repeat what the word says. */
export function ToneBadge({ tone, children, dot = true }: { tone: Tone; children: ReactNode; dot?: boolean }) {
  return (
    <span className="tone-badge" data-tone={tone}>
      {dot && <span className="tone-dot" aria-hidden="true" />}
      {children}
    </span>
  )
}
