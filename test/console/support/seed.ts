import { type Call, makeKey } from '../../api/client.ts'
import { createWorkbench } from '../../support/workbench.ts'

/** What a test's installation holds, by what the tests say of it. */
export interface Seed {
  /** A key with two weeks of use by office hours. */
  payments: { id: string; key: string }
  /** A key with a name that is as long as it may be. */
  longName: { id: string; key: string }
}

const longName = `Billing-exporter-${'of-the-northern-region-'.repeat(3)}nightly`

/** Makes some keys of all types, and two weeks of stored use with a habit and addresses for the first of them. */
export async function seed(call: Call, env: Record<string, string>): Promise<Seed> {
  const payments = await makeKey(call, { name: 'payments', ownerId: 'team-payments', scopes: ['invoices:read'] })
  const long = await makeKey(call, { name: longName.slice(0, 100), ownerId: 'team-data' })
  for (const type of ['user', 'integration', 'emergency'] as const)
    await makeKey(call, { type, name: `${type} key`, ownerId: 'team-platform' })
  const bench = await createWorkbench(env)
  try {
    await bench.postgres.pool.query(
      `INSERT INTO api_key_usage (key_id, minute, requests, errors)
       SELECT $1, minute, 20 + 10 * (extract(minute FROM minute)::int % 3), extract(minute FROM minute)::int % 2
       FROM generate_series(date_trunc('minute', now()) - interval '14 days', now() - interval '2 minutes', interval '1 minute') AS minute
       WHERE extract(hour FROM minute) BETWEEN 7 AND 18`,
      [payments.id],
    )
    await bench.postgres.pool.query(
      `INSERT INTO api_key_usage_addresses (key_id, hour, address, requests, errors, first_seen_at, last_seen_at)
       SELECT $1, hour, ('198.51.100.' || n)::inet, 600 * n, 5, hour, hour + interval '50 minutes'
       FROM generate_series(date_trunc('hour', now()) - interval '2 days', now(), interval '1 hour') AS hour, generate_series(1, 3) AS n`,
      [payments.id],
    )
  } finally {
    await bench.close()
  }
  return { payments, longName: long }
}

/** Reports a storm of one key: more requests within a minute than anyone may make. */
export async function storm(call: Call, keyId: string, requests = 1_100): Promise<void> {
  const event = { keyId, ip: '203.0.113.9', status: 200, method: 'GET', path: '/v1/invoices', latencyMs: 12 }
  for (let sent = 0; sent < requests; sent += 1_000) {
    const events = Array.from({ length: Math.min(1_000, requests - sent) }, () => event)
    const { status, text } = await call('POST', '/v1/usage', { body: { events } })
    if (status !== 202) throw new Error(`the usage was not taken: ${text}`)
  }
}
