import { randomBytes } from 'node:crypto'
import { createSeal } from '@momentry/shared/platform/seal.ts'
import { executeRotation } from '@momentry/shared/rotation/work/execute.ts'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, type Call, codeOf, makeKey } from '../../api/client.ts'
import { createTestContext } from '../context.ts'
import { keyOf } from '../support.ts'
import { eventually, type Fleet, queuedId, startFleet } from './fleet.ts'

let f: Fleet
beforeAll(async () => {
  f = await startFleet()
})
afterEach(() => f.stopWorkers())
afterAll(() => f.close())

/** Sends a request again and again, all at once, to both apis in turn. */
const send = (times: number, path: string, body: object, headers: Record<string, string> = {}): Promise<Answer[]> =>
  Promise.all(Array.from({ length: times }, (_, n) => f.callOf(n)('POST', path, { body, headers })))

/** What the answers came to, each once: an id, or a code. */
const outcomes = (answers: Answer[]) => [
  ...new Set(answers.map((answer) => (answer.status === 202 ? queuedId(answer) : codeOf(answer)))),
]

describe('requests at once, before a worker takes one up', () => {
  it('are one rotation where they are the same, and refused where they differ, unless forced', async () => {
    const { id, key } = await makeKey(f.asRoot)
    const rotate = `/v1/keys/${id}/rotate`
    const [[first, ...more], mixed] = await Promise.all([
      send(20, rotate, { reason: 'once' }).then(outcomes),
      send(20, rotate, { graceSeconds: 60 }, { 'idempotency-key': 'mine' }).then(outcomes),
    ])
    // Either may come first, and then the other one is refused.
    const [won, lost] = first === 'ROTATION_IN_PROGRESS' ? [mixed, [first, ...more]] : [[first, ...more], mixed]
    expect(won).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)])
    expect(lost).toEqual(['ROTATION_IN_PROGRESS'])

    const forced = outcomes(await send(20, rotate, { forced: true }, { 'idempotency-key': 'forced' }))
    expect(forced).toHaveLength(1)
    expect(outcomes(await send(4, rotate, { forced: true }))).toEqual(forced)
    expect(outcomes(await send(4, rotate, {}))).toEqual(['ROTATION_IN_PROGRESS'])
    expect(await f.read(won?.[0] ?? '')).toMatchObject({ state: 'cancelled', toVersion: null })

    await Promise.all([f.startWorker(), f.startWorker()])
    const { toVersion } = await f.reached(forced[0] ?? '', 'completed')
    expect(toVersion).toBe(2)
    const again = await send(4, rotate, { forced: true }, { 'idempotency-key': 'forced' })
    expect(outcomes(again)).toEqual(forced)
    expect(await f.versionsOf(id)).toEqual([1, 2])
    await eventually(() => f.validate(key)).toEqual(['ROTATED', 'ROTATED'])
  })
})

describe('a storm of requests, cancellations and fetches on one key', () => {
  it('leaves versions without gaps, and never more than one secret beside the current one', async () => {
    const { id, key } = await makeKey(f.asRoot)
    await Promise.all([f.startWorker(), f.startWorker()])
    const secrets = new Set([key])
    const seen = { asked: new Set<string>(), statuses: new Set<number>(), alive: 0 }
    let storming = true
    const watch = async () => {
      while (storming) seen.alive = Math.max(seen.alive, await alive(id))
    }
    const watching = watch()
    await Promise.all(Array.from({ length: 8 }, (_, n) => storm(f.callOf(n), n, id, seen, secrets)))
    storming = false
    await watching
    const underWay = async () =>
      (await f.rotationsOf(id)).filter(({ state }) => state === 'queued' || state === 'running')
    await eventually(underWay).toEqual([])
    expect([...seen.statuses].filter((status) => ![200, 202, 409].includes(status))).toEqual([])
    expect(seen.alive).toBeLessThanOrEqual(2)

    const rotations = (await f.rotationsOf(id)).reverse()
    expect(new Set(rotations.map((rotation) => rotation.id))).toEqual(seen.asked)
    const completed = rotations.filter(({ state }) => state === 'completed')
    expect(rotations.length - completed.length).toBe(rotations.filter(({ state }) => state === 'cancelled').length)
    expect(completed.map(({ fromVersion, toVersion }) => [fromVersion, toVersion])).toEqual(
      completed.map((_, n) => [n + 1, n + 2]),
    )
    expect(await f.versionsOf(id)).toEqual([1, ...completed.map((_, n) => n + 2)])

    const last = await f.rotate(id, { forced: true })
    const current = await f.fetchSecret(last.id)
    expect(await f.validate(current)).toEqual(['VALID', 'VALID'])
    for (const secret of secrets) await eventually(() => f.validate(secret)).toEqual(['ROTATED', 'ROTATED'])
    expect((await f.asRoot('GET', '/v1/audit/verify')).body).toMatchObject({ valid: true })
    await eventually(() => f.outbox()).toBe(0)
  })
})

interface Seen {
  asked: Set<string>
  statuses: Set<number>
}

/** One operator of many: asks, forces, cancels and fetches, whatever the others do. */
async function storm(call: Call, n: number, keyId: string, seen: Seen, secrets: Set<string>): Promise<void> {
  const bodies = [{}, { forced: true }, { graceSeconds: 60 }, { reason: `of ${n}` }]
  for (let round = 0; round < 12; round += 1) {
    const answer = await call('POST', `/v1/keys/${keyId}/rotate`, { body: bodies[(n + round) % bodies.length] })
    seen.statuses.add(answer.status)
    if (answer.status !== 202) continue
    const id = queuedId(answer)
    seen.asked.add(id)
    if ((n + round) % 3 === 0) seen.statuses.add((await call('POST', `/v1/rotations/${id}/cancel`)).status)
    const fetched = await call('POST', `/v1/rotations/${id}/secret`)
    seen.statuses.add(fetched.status)
    if (fetched.status === 200) secrets.add(keyOf(fetched))
  }
}

/** Secrets of a key that validate at this moment, as the database has it. */
async function alive(keyId: string): Promise<number> {
  const { rows } = await f.bench.postgres.pool.query(
    `SELECT count(*)::int AS alive FROM api_key_secrets
      WHERE key_id = $1 AND (superseded_at IS NULL OR grace_ends_at > clock_timestamp())`,
    [keyId],
  )
  return rows[0].alive
}

describe('workers that do one rotation at once', () => {
  it('make one successor, and all see that it is done', async () => {
    const { id } = await makeKey(f.asRoot)
    const rotationId = await f.request(id)
    const seal = createSeal([randomBytes(32).toString('base64')])
    const context = createTestContext(f.bench.postgres, Date.now)
    const done = await Promise.all(
      Array.from({ length: 4 }, () => executeRotation(context, { seal, intervals: {} }, rotationId)),
    )
    expect(done).toEqual(done.map(() => ({ state: 'completed' })))
    expect(await f.versionsOf(id)).toEqual([1, 2])
    await f.startWorker()
    await eventually(async () => (await f.job((await f.read(rotationId)).jobId)).state).toBe('completed')
    expect(await f.rotationsOf(id)).toMatchObject([{ state: 'completed', toVersion: 2 }])
    await eventually(() => f.outbox()).toBe(0)
  })
})
