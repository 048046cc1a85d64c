import { Check, Circle, Clock, LoaderCircle, X } from 'lucide-react'
import type { ReactNode } from 'react'
import './steps.css'

export interface Step {
  title: string
  /** `now` waits for somebody; `running` is being done. */
  state: 'done' | 'running' | 'now' | 'waiting' | 'failed'
  note?: ReactNode
}

const icons = { done: Check, running: LoaderCircle, now: Clock, waiting: Circle, failed: X }
const words = { done: 'done', running: 'under way', now: 'waits', waiting: 'not yet', failed: 'failed' }

/** What happens one after the other, and how far it is. */
export function Steps({ steps }: { steps: readonly Step[] }) {
  return (
    <ol className="steps">
      {steps.map(({ title, state, note }) => {
        const Icon = icons[state]
        return (
          <li key={title} data-state={state} aria-current={state === 'now' || state === 'running' ? 'step' : undefined}>
            <span className="steps-icon">
              <Icon size={14} aria-label={words[state]} />
            </span>
            <span className="steps-text">
              <span className="steps-title">{title}</span>
              {note && <span className="steps-note">{note}</span>}
            </span>
          </li>
        )
      })}
    </ol>
  )
}
