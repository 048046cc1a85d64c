import { readdir } from 'node:fs/promises'
import { z } from 'zod'
import { createClient } from '../../api/client.ts'
import { createWorkbench, partitions, type Workbench } from '../../support/workbench.ts'
import { bruteForce } from './brute-force.ts'
import type { FaultFleet } from './fleet.ts'
import type { FaultLoad } from './load.ts'

/** One line of the books. */
export interface BalanceLine {
  what: string
  expected: string
  found: string
}

const rowsSchema = z.array(z.looseObject({}))

/** How long it may take until everything that was accepted is dealt with. */
const settleMs = 240_000

/** Waits until a reading is as expected, or until it is too late, and gives the last one. */
async function settled(expected: string, read: () => Promise<string>): Promise<string> {
  const until = performance.now() + settleMs
  for (;;) {
    const found = await read().catch((error: unknown) => `cannot be read: ${String(error)}`)
    if (found === expected || performance.now() > until) return found
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

export interface BalanceOptions {
  fleet: FaultFleet
  load: FaultLoad
  root: string
  thresholds: { requestsPerMinute: number; ipsPerHour: number }
  /** Connections and handles of the fleet before the first fault. */
  before: Handles
}

export interface Handles {
  connections: number
  clients: number
  files: number
}

/** Closes the books after a run: what went in, against what came out. */
export async function balance({ fleet, load, root, thresholds, before }: BalanceOptions): Promise<BalanceLine[]> {
  const bench = await createWorkbench(fleet.env)
  const query = async (sql: string) => rowsSchema.parse((await bench.postgres.pool.query(sql)).rows)
  const lines: BalanceLine[] = []
  const add = async (what: string, expected: string, read: () => Promise<string>) => {
    lines.push({ what, expected, found: await settled(expected, read) })
  }
  const count = (sql: string) => async () => String((await query(sql))[0]?.['count'])
  const none = '0'
  try {
    await add('entries left on the streams', none, async () => String(await bench.backlog()))
    await add('entries that nobody could read', none, () => deadLetters(bench))
    await add('events of each key, accepted and summed', sumsOf(load.accepted), async () =>
      tell(await query('SELECT key_id AS key, sum(requests)::int AS count FROM api_key_usage GROUP BY key_id')),
    )
    await add(
      'failed events',
      String(load.accepted.filter(({ status }) => status >= 400).length),
      count('SELECT coalesce(sum(errors), 0)::int AS count FROM api_key_usage'),
    )
    const expected = bruteForce(load.accepted, thresholds)
    await add('anomalies by brute force, and rows', expected.join(' '), async () => {
      const rows = await query('SELECT DISTINCT key_id, rule FROM api_key_anomalies')
      return rows
        .map(({ key_id, rule }) => `${key_id}:${rule}`)
        .sort()
        .join(' ')
    })
    await add(
      'rotations that are not over',
      none,
      count(`SELECT count(*)::int FROM api_key_rotations WHERE state IN ('queued', 'running')`),
    )
    await add(
      'rotations that failed',
      none,
      count(`SELECT count(*)::int FROM api_key_rotations WHERE state = 'failed'`),
    )
    await add(
      'keys whose versions are not one more than their rotations',
      none,
      count(`
      SELECT count(*)::int FROM api_keys k WHERE
        (SELECT count(*) FROM api_key_secrets s WHERE s.key_id = k.id) <>
        1 + (SELECT count(*) FROM api_key_rotations r WHERE r.key_id = k.id AND r.state = 'completed')`),
    )
    await add(
      'keys with other than one current secret',
      none,
      count(`
      SELECT count(*)::int FROM api_keys k WHERE
        (SELECT count(*) FROM api_key_secrets s WHERE s.key_id = k.id AND s.superseded_at IS NULL) <> 1`),
    )
    await add(
      'jobs that are not over',
      none,
      count(`SELECT count(*)::int FROM jobs WHERE state IN ('queued', 'running')`),
    )
    await add('changes that nobody was told of', none, count('SELECT count(*)::int FROM api_key_changes'))
    for (const url of fleet.apiUrls())
      await add(`revoked secrets that do not say so (${load.revoked.length})`, none, async () =>
        String(await countGood(url, load.revoked)),
      )
    await add('good secrets that were called otherwise', '', async () => load.wrong.join(' '))
    await add('the audit log', 'whole', () => verifyAudit(fleet, root))
    for (const [what, most] of [
      ['connections', before.connections],
      ['clients', before.clients],
      ['files', before.files],
    ] as const) {
      const allowed = Math.ceil(most * 1.3) + 12
      await add(`${what} left open, of ${allowed} at the most`, 'in bounds', async () => {
        const now = (await countHandles(fleet))[what]
        return now <= allowed ? 'in bounds' : String(now)
      })
    }
    return lines
  } finally {
    await bench.close()
  }
}

/** Shows the books, and whether they balance. */
export function showBalance(lines: readonly BalanceLine[]): string {
  const width = Math.max(...lines.map(({ what }) => what.length))
  const shown = (text: string) => (text.length > 60 ? `${text.slice(0, 57)}…` : text || 'none')
  return lines
    .map(({ what, expected, found }) =>
      expected === found
        ? `  ok    ${what.padEnd(width)}  ${shown(found)}`
        : `  WRONG ${what.padEnd(width)}  expected ${expected}\n${' '.repeat(width + 10)}found    ${found}`,
    )
    .join('\n')
}

/** What the fleet holds open in the stores and on the machine. */
export async function countHandles(fleet: FaultFleet): Promise<Handles> {
  const bench = await createWorkbench(fleet.env)
  try {
    const { rows } = await bench.postgres.pool.query(
      `SELECT count(*)::int FROM pg_stat_activity WHERE application_name LIKE 'momentry-%'`,
    )
    const clients = String(await bench.redis.call('CLIENT', 'LIST'))
      .split('\n')
      .filter((line) => line.includes('name=momentry-'))
    const files = await Promise.all(
      fleet.places.map(({ process }) =>
        readdir(`/proc/${process.pid}/fd`).then(
          (all) => all.length,
          () => 0,
        ),
      ),
    )
    return { connections: rows[0].count, clients: clients.length, files: files.reduce((sum, each) => sum + each, 0) }
  } finally {
    await bench.close()
  }
}

function sumsOf(accepted: FaultLoad['accepted']): string {
  return tell([...Map.groupBy(accepted, ({ keyId }) => keyId)].map(([key, events]) => ({ key, count: events.length })))
}

function tell(rows: readonly Record<string, unknown>[]): string {
  const total = rows.reduce((sum, { count }) => sum + Number(count), 0)
  return `${total}: ${rows
    .map(({ key, count }) => `${key}=${count}`)
    .sort()
    .join(' ')}`
}

async function deadLetters({ redis, names }: Workbench): Promise<string> {
  const streams = Array.from({ length: partitions }, (_, p) => [names.usageDead(p), names.anomalyDead(p)]).flat()
  const lengths = await Promise.all(streams.map((stream) => redis.xlen(stream)))
  return String(lengths.reduce((sum, length) => sum + length, 0))
}

async function countGood(url: string, secrets: readonly string[]): Promise<number> {
  const call = createClient(url)
  let good = 0
  for (const key of secrets) {
    const { text } = await call('POST', '/v1/keys/validate', { body: { key, recordUsage: false } })
    if (!text.includes('"REVOKED"')) good += 1
  }
  return good
}

async function verifyAudit(fleet: FaultFleet, root: string): Promise<string> {
  const { body, text } = await createClient(fleet.apiUrls()[0], root)('GET', '/v1/audit/verify')
  return z.looseObject({ valid: z.boolean() }).parse(body).valid ? 'whole' : text
}
