import { readState } from '@momentry/shared/anomalies/detect/state-codec.ts'
import { partitionOf } from '@momentry/shared/usage/partition.ts'
import { z } from 'zod'
import { partitions, type Workbench } from '../../../support/workbench.ts'
import type { Reported } from '../load/reporter.ts'
import type { SentEvent } from '../load/series.ts'
import type { Sheet } from './sheet.ts'

const minuteRows = z.array(
  z.object({ keyId: z.uuid(), minute: z.int(), requests: z.int(), errors: z.int(), addressed: z.int() }),
)

/** Events that were answered 202 = events in the windows = sums in Postgres: by key, minute, outcome and address. */
export async function checkUsage(
  sheet: Sheet,
  bench: Workbench,
  { events, refused }: Reported,
  keyIds: readonly string[],
): Promise<void> {
  sheet.none('reports refused for good', refused)
  const folded = await countFolded(bench, keyIds)
  const sums = await readSums(bench, keyIds)
  const summed = (of: 'requests' | 'errors') => sums.minutes.reduce((sum, row) => sum + row[of], 0)
  sheet.equal('events folded into windows', events.length, sum(folded.values()))
  sheet.equal('requests in the roll-up', events.length, summed('requests'))
  sheet.equal('errors in the roll-up', events.filter(({ failed }) => failed).length, summed('errors'))
  sheet.equal('requests by address in the roll-up', events.length, sums.addressed)

  const byKey = Map.groupBy(events, ({ keyId }) => keyId)
  sheet.none(
    'keys whose windows hold other sums than were sent',
    keyIds.filter((id) => (byKey.get(id)?.length ?? 0) !== folded.get(id)),
  )
  sheet.none('minutes of keys whose sums are others than were sent', differences(events, sums.minutes))
}

async function countFolded({ redis, names }: Workbench, keyIds: readonly string[]): Promise<Map<string, number>> {
  const counts = keyIds.map(async (id) => {
    const bytes = await redis.getBuffer(names.window(partitionOf(id, partitions), id))
    const { habit } = readState(bytes ?? undefined, Date.now()).state.window
    return [id, sum(habit.hoursOfWeek) + sum(habit.recent.map(({ requests }) => requests))] as const
  })
  return new Map(await Promise.all(counts))
}

async function readSums({ postgres }: Workbench, keyIds: readonly string[]) {
  const minutes = await postgres.pool.query(
    `SELECT key_id AS "keyId", extract(epoch FROM minute)::int AS minute, requests::int, errors::int, 0 AS addressed
     FROM api_key_usage WHERE key_id = ANY($1::uuid[])`,
    [keyIds],
  )
  const addresses = await postgres.pool.query(
    'SELECT coalesce(sum(requests), 0)::int AS sum FROM api_key_usage_addresses WHERE key_id = ANY($1::uuid[])',
    [keyIds],
  )
  const [total] = z.array(z.object({ sum: z.int() })).parse(addresses.rows)
  return { minutes: minuteRows.parse(minutes.rows), addressed: total?.sum ?? 0 }
}

function differences(events: readonly SentEvent[], rows: z.infer<typeof minuteRows>): string[] {
  const expected = new Map<string, { requests: number; errors: number }>()
  for (const { keyId, second, failed } of events) {
    const place = `${keyId} ${second - (second % 60)}`
    const counts = expected.get(place) ?? { requests: 0, errors: 0 }
    counts.requests += 1
    if (failed) counts.errors += 1
    expected.set(place, counts)
  }
  const found = new Map(rows.map((row) => [`${row.keyId} ${row.minute}`, row]))
  return [...new Set([...expected.keys(), ...found.keys()])].flatMap((place) => {
    const [sent, counted] = [expected.get(place), found.get(place)]
    const isSame = sent?.requests === counted?.requests && sent?.errors === counted?.errors
    return isSame ? [] : [`${place}: ${sent?.requests ?? 0} sent, ${counted?.requests ?? 0} found`]
  })
}

function sum(numbers: Iterable<number>): number {
  return [...numbers].reduce((total, number) => total + number, 0)
}
