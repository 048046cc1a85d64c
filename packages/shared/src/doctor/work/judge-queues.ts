import { type Finding, judgeFact, ok, showSeconds } from '../finding.ts'
import type { QueueReading } from './read-queues.ts'

/** The shortest turns come round each second; a worker that starts takes a moment. */
const overdueMs = 60_000
/** Rotations take milliseconds, other systems a minute, upkeep a few. Backups take what they take. */
const longMs = 600_000
const unlimited = new Set(['backups'])
/** What failed before has come round again since, and either failed again or did not. */
const recentMs = 3_600_000

/** @param now ms by the clock of Redis or one that agrees with it */
export function judgeQueues(queues: readonly QueueReading[], now: number, hasBackupSchedule: boolean): Finding[] {
  return queues.flatMap((queue) => [
    judgeQueue(queue, now),
    ...(queue.hasSchedules ? [judgeSchedules(queue, now, hasBackupSchedule)] : []),
  ])
}

function judgeQueue({ name, isPaused, waiting, active, oldestActiveAt, failed }: QueueReading, now: number): Finding {
  const check = `queues.${name}`
  const figure = `${waiting} waiting, ${active} under way`
  if (isPaused) return { check, level: 'failed', figure: 'paused', advice: 'somebody paused it by BullMQ: resume it' }
  const seconds = (now - (oldestActiveAt ?? now)) / 1_000
  if (seconds * 1_000 > longMs && !unlimited.has(name))
    return {
      check,
      level: 'warning',
      figure: `${figure}, the oldest for ${showSeconds(seconds)}`,
      advice: 'look at the logs of the workers; restart the one that is stuck',
    }
  const recent = failed.filter(({ at }) => now - at < recentMs)
  const names = [...new Set(recent.map((job) => job.name))].sort()
  return judgeFact(
    check,
    recent.length === 0,
    recent.length === 0 ? figure : `${recent.length} failed within the hour: ${names.join(', ')}`,
    'look at the logs of the workers, and at `momentry job list --state failed`',
    'warning',
  )
}

function judgeSchedules({ schedules }: QueueReading, now: number, hasBackupSchedule: boolean): Finding {
  const check = 'queues.schedules'
  if (schedules.length === 0)
    return { check, level: 'failed', figure: 'none', advice: 'start a worker: it writes them within seconds' }
  const overdue = schedules.flatMap(({ name, next }) =>
    next !== undefined && now - next > overdueMs ? [`${name} (${showSeconds((now - next) / 1_000)} late)`] : [],
  )
  if (overdue.length > 0)
    return { check, level: 'failed', figure: overdue.join(', '), advice: 'no worker works on them: start one' }
  if (hasBackupSchedule && !schedules.some(({ name }) => name === 'back-up'))
    return {
      check,
      level: 'warning',
      figure: 'no worker has scheduled backups',
      advice: 'BACKUP_SCHEDULE is another here than where the workers run',
    }
  return ok(check, `${schedules.length}, none late`)
}
