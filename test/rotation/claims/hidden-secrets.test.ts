import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createClient, makeKey } from '../../api/client.ts'
import { keyOf, type RotationHarness, startRotationHarness } from '../support.ts'
import { breakRotations } from './trouble.ts'

let t: RotationHarness
beforeAll(async () => {
  t = await startRotationHarness({ LOG_LEVEL: 'trace', RATE_LIMIT_MAX_ATTEMPTS: '1000' })
})
afterAll(() => t.close())

/** Every row of every table, as text. */
async function dump(): Promise<string> {
  const { pool } = t.bench.postgres
  const { rows } = await pool.query<{ name: string }>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'",
  )
  const tables = await Promise.all(
    rows.map(({ name }) => pool.query(`SELECT '${name}' AS "table", t::text FROM ${name} t`)),
  )
  return tables.flatMap((table) => table.rows.map((row) => JSON.stringify(row))).join('\n')
}

/** Ways in which a secret could be written. */
const waysToWrite = (secret: string) => [
  secret,
  secret.split('_')[2] ?? '',
  ...(['hex', 'base64url'] as const).map((encoding) => Buffer.from(secret).toString(encoding).slice(0, -4)),
]

it('no secret of a rotation reaches a log, a metric, a URL or the database in the clear', async () => {
  const { id, key: first } = await makeKey(t.asRoot, { name: 'holder' })
  const claim = (secret: string) => createClient(t.api.url, secret)('POST', '/v1/keys/self/claim')
  const open = await t.rotate(id, { reason: 'yearly' })
  const second = keyOf(await claim(first))
  expect(await t.fetchSecret(open.id)).toBe(second)
  const sealed = await t.bench.postgres.pool.query('SELECT sealed, encrypted FROM api_key_escrow')
  expect(sealed.rows).toMatchObject([{ encrypted: false }])
  expect(sealed.rows[0].sealed.length).toBeGreaterThan(second.length)
  const inEscrow = await dump()

  await t.validate(second)
  const forced = await t.rotate(id, { forced: true })
  const third = await t.fetchSecret(forced.id)
  const publicKey = generateKeyPairSync('x25519').publicKey.export({ type: 'spki', format: 'pem' })
  await t.asRoot('PATCH', `/v1/keys/${id}`, { body: { publicKey } })
  await t.rotate(id)
  await claim(third)
  // Dead ones are told of by an alert, and whatever a caller sends comes back in a problem.
  for (const secret of [first, second, third]) {
    await t.validate(secret)
    await t.asRoot('GET', `/v1/rotations/${secret}`)
    await t.asRoot('GET', `/v1/rotations?keyId=${secret}`)
    await t.asRoot('POST', `/v1/rotations/${secret}/secret`)
    await t.asRoot('POST', `/v1/keys/${id}/rotate`, { body: { reason: secret, [secret]: secret } })
    await t.asRoot('PATCH', `/v1/rotations/${open.id}`, { body: { graceSeconds: secret } })
    await t.asRoot('POST', `/v1/jobs/${secret}/retry`)
  }
  // What fails is logged, with whatever the database says of it.
  const { id: unlucky } = await makeKey(t.asRoot)
  const mend = await breakRotations(t.stores.databaseUrl, unlucky, 'no room')
  const failing = await t.request(unlucky)
  await expect.poll(async () => (await t.read(failing)).error).toContain('no room')
  await mend()
  await expect.poll(() => t.bench.rulesTold()).toContain('dead_key_used')
  await expect.poll(() => t.bench.backlog()).toBe(0)
  await t.reached(failing, 'completed')
  const jobs = (await t.asRoot('GET', '/v1/jobs')).text
  const metrics = (await t.asAnyone('GET', '/metrics')).text
  const names = (await t.bench.redis.keys(`*${t.stores.prefix}*`)).join()
  const stored = await dump()

  expect(stored).toContain('holder')
  expect(stored).toContain('yearly')
  expect(t.api.output().split('\n').length).toBeGreaterThan(20)
  expect(t.worker.output()).toContain('no room')
  expect(t.alerter.output()).toContain('dead_key_used')
  const places = {
    inEscrow,
    stored,
    jobs,
    metrics,
    names,
    alerts: JSON.stringify(t.bench.alerts),
    api: t.api.output(),
    worker: t.worker.output(),
    alerter: t.alerter.output(),
  }
  for (const [place, text] of Object.entries(places)) {
    const found = [first, second, third, t.root.key].flatMap(waysToWrite).filter((way) => text.includes(way))
    expect({ place, found: found.length }).toEqual({ place, found: 0 })
    expect({ place, match: /mty_[a-z]+_[0-9A-Za-z]{10}/.test(text) }).toEqual({ place, match: false })
  }
})
