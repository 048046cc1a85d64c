import { Code, Collapse, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { ChevronRight } from 'lucide-react'
import type { JobResult } from '../../api/operation/jobs.ts'
import { StatusBadge } from '../../parts/badges/status-badge.tsx'
import { TimeText } from '../../parts/words/time-text.tsx'
import { Duration } from './duration.tsx'
import './results.css'

/** Each step of a job, attempt by attempt, with what it gave. */
export function Results({ results }: { results: readonly JobResult[] }) {
  return (
    <ul className="results">
      {results.map((result) => (
        <ResultRow key={result.id} result={result} />
      ))}
    </ul>
  )
}

function ResultRow({ result }: { result: JobResult }) {
  const { processor, attempt, status, startedAt, output, error } = result
  const [open, { toggle }] = useDisclosure(status === 'failed')
  return (
    <li>
      <UnstyledButton className="results-head" onClick={toggle} aria-expanded={open}>
        <ChevronRight size={15} className="results-arrow" aria-hidden="true" />
        <span className="results-name">{processor}</span>
        <span className="results-attempt">attempt {attempt}</span>
        <StatusBadge status={status} />
        <span className="results-time">
          <Duration of={result} />
        </span>
      </UnstyledButton>
      <Collapse expanded={open}>
        <div className="results-body">
          <p>
            Began <TimeText at={startedAt} />
          </p>
          {error && <p className="results-error">{error}</p>}
          {output && <Code block>{JSON.stringify(output, null, 2)}</Code>}
          {!error && !output && <p>It gave nothing back.</p>}
        </div>
      </Collapse>
    </li>
  )
}
