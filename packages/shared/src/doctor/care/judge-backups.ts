import { CronExpressionParser } from 'cron-parser'
import { type Finding, judgeFact, ok, showSeconds } from '../finding.ts'
import type { BackupsReading } from './read-backups.ts'

/** A backup may take this long. */
const patienceMs = 3_600_000

/**
 * @param schedule a cron pattern in UTC; undefined: none are made by themselves
 * @param now ms
 */
export function judgeBackups(reading: BackupsReading, schedule: string | undefined, now: number): Finding[] {
  const { damaged, storage } = reading
  return [
    judgeAge(reading, schedule, now),
    judgeFact(
      'backups.damaged',
      damaged.length === 0,
      damaged.length === 0 ? `none in ${storage}` : `${damaged.join(', ')} in ${storage}`,
      'run `momentry backup verify N`; make another one, and look at who can write there',
    ),
  ]
}

function judgeAge(
  { newestAt, count, installedAt, storage }: BackupsReading,
  schedule: string | undefined,
  now: number,
): Finding {
  const check = 'backups.newest'
  const age = newestAt === undefined ? undefined : showSeconds((now - newestAt) / 1_000)
  const figure = age === undefined ? `none in ${storage}` : `made ${age} ago, of ${count} in ${storage}`
  const advice =
    'look at `momentry job list --queue backups` and at the alerts `backup.failed`; `momentry backup create` makes one now. Is this where the workers put them (BACKUP_DIR, BACKUP_S3_BUCKET)?'
  if (schedule === undefined) {
    const byHand = `${figure}; none are made by themselves`
    return judgeFact(
      check,
      age !== undefined,
      byHand,
      'set BACKUP_SCHEDULE, or run `momentry backup create`',
      'warning',
    )
  }
  const turns = CronExpressionParser.parse(schedule, { tz: 'UTC', currentDate: new Date(now - patienceMs) })
  const [last, before] = [turns.prev().getTime(), turns.prev().getTime()]
  if (newestAt === undefined && (installedAt ?? now) > last)
    return ok(check, 'none yet: the first one is still to come')
  const level = (newestAt ?? 0) >= last ? 'ok' : (newestAt ?? 0) >= before ? 'warning' : 'failed'
  return level === 'ok' ? ok(check, figure) : { check, level, figure: `${figure}; its turn was missed`, advice }
}
