import { type Finding, judgeAmount, judgeFact, ok, showSeconds } from '../finding.ts'
import type { RowsReading } from './read-rows.ts'

/** Seconds. Whoever commits a change tells of it within milliseconds, and the worker of what is left within a second or two. */
const untold = { warning: 10, failed: 60 }
/** Seconds. A rotation takes milliseconds; it is tried again for some 15 s. */
const rotating = { warning: 60, failed: 600 }
/** Seconds. Other systems may be away: a rotation there waits for them for a day. */
const rotatingElsewhere = { warning: 600, failed: 90_000 }
/** Seconds. The worker looks each two. */
const burning = { warning: 60, failed: 3_600 }

export function judgeRows(reading: RowsReading): Finding[] {
  const { outbox, rotations, rotationsElsewhere, escrow, jobs, anomalies } = reading
  const open = anomalies.reduce((sum, { count }) => sum + count, 0)
  const bySeverity = anomalies.map(({ severity, count }) => `${count} ${severity}`).join(', ')
  return [
    judgeAmount(
      'work.changes',
      outbox.oldest,
      untold,
      outbox.count === 0 ? 'all told' : `${outbox.count} not told yet, the oldest since ${showSeconds(outbox.oldest)}`,
      'start a worker; is Redis there? Until then processes trust their caches for 5 s only',
    ),
    judgeRotations('work.rotations', rotations, rotating),
    judgeRotations('work.rotations-elsewhere', rotationsElsewhere, rotatingElsewhere),
    judgeAmount(
      'work.escrow',
      escrow.oldest,
      burning,
      escrow.overdue === 0
        ? 'none beyond its end'
        : `${escrow.overdue} beyond their end, by ${showSeconds(escrow.oldest)}`,
      'start a worker: its job `burn-escrow` removes them',
    ),
    judgeFact(
      'work.jobs',
      jobs.silent === 0 && jobs.failed === 0,
      jobs.silent + jobs.failed === 0
        ? 'none is stuck, none failed within a day'
        : `${jobs.silent} silent for 10 min, ${jobs.failed} failed within a day`,
      '`momentry job list --state failed` (or running) and `momentry job show ID` tell why; `momentry job retry ID`',
      'warning',
    ),
    open === 0
      ? ok('work.anomalies', 'none is open')
      : { check: 'work.anomalies', level: 'information', figure: `${open} open: ${bySeverity}` },
  ]
}

function judgeRotations(
  check: string,
  { count, oldest, orphans }: RowsReading['rotations'],
  bounds: { warning: number; failed: number },
): Finding {
  if (orphans > 0)
    return {
      check,
      level: 'failed',
      figure: `${orphans} whose job is gone or over: nobody works on them`,
      advice: '`momentry rotation list --state running` (or queued): cancel them, and rotate again',
    }
  return judgeAmount(
    check,
    oldest,
    bounds,
    count === 0 ? 'none is under way' : `${count} under way, the oldest since ${showSeconds(oldest)}`,
    'start a worker; `momentry rotation show ID` tells how far one is',
  )
}
