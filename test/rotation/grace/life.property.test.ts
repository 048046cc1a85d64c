import { randomBytes } from 'node:crypto'
import { keyKinds, keyTypes } from '@momentry/shared/keys/kinds.ts'
import { hashSecret } from '@momentry/shared/keys/secret.ts'
import { createSeal } from '@momentry/shared/platform/seal.ts'
import { rotationKinds } from '@momentry/shared/rotation/states.ts'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestStores, type TestStores } from '../../support/stores.ts'
import { createWorkbench, type Workbench } from '../../support/workbench.ts'
import { beginLife, birth, judge, type Life, type Rows, type Step } from './life.ts'

let stores: TestStores
let bench: Workbench
beforeAll(async () => {
  stores = await createTestStores()
  bench = await createWorkbench(stores.env)
})
afterAll(async () => {
  await bench.close()
  await stores.close()
})

const hour = 3600
const seconds = fc.constantFrom(0, 1, 60, hour, 10 * hour, 24 * hour, 30 * hour, 48 * hour, 72 * hour)
const place = fc.nat(7)
const terms = { kind: fc.constantFrom(...rotationKinds), graceSeconds: fc.option(seconds, { nil: undefined }) }
/** What is named twice comes twice as often. */
const onOne = fc.constantFrom('execute', 'execute', 'cancel', 'fail', 'retry', 'use', 'use', 'late-use')
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('rotate'), ...terms }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('request'), ...terms }) },
  { weight: 8, arbitrary: fc.record({ do: onOne, place }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('claim', 'claim', 'fetch'), place }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('set-grace'), place, graceSeconds: seconds }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('expire'), inSeconds: fc.option(seconds) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('enable'), to: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('burn') }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('wait'), seconds }) },
)
const key = fc.record({
  type: fc.constantFrom(...keyTypes),
  lifeSeconds: fc.option(
    seconds.filter((life) => life > 0),
    { nil: undefined },
  ),
  intervalSeconds: fc.option(fc.constantFrom(60, 10 * hour, 1000 * hour), { nil: undefined }),
  graceSeconds: fc.option(seconds, { nil: undefined }),
  revokedAfter: fc.option(fc.nat(20), { nil: 99 }),
})

/** A use of a successor that is noted late, when the next rotation has its own waiting; random runs seldom make one. */
const lateUse: [key: typeof key extends fc.Arbitrary<infer Key> ? Key : never, steps: Step[]] = [
  { type: 'service', lifeSeconds: undefined, intervalSeconds: undefined, graceSeconds: undefined, revokedAfter: 99 },
  [
    { do: 'rotate', kind: 'manual', graceSeconds: 0 },
    { do: 'rotate', kind: 'manual', graceSeconds: undefined },
    { do: 'late-use', place: 0 },
    { do: 'claim', place: 1 },
  ],
]

/** What is known of a life besides the rows: what it was, and what was promised. */
interface Memory {
  typeGraceMs: number
  /** Until when each superseded version may live at the most, because its key would not have lived longer. */
  ends: Map<number, number>
  dead: Set<number>
  /** The secrets that somebody was given. */
  given: Map<number, string>
  expiresAt: number | undefined
}

/** Notes what a step has done to the key's own expiry, and which versions it has superseded. */
function remember(memory: Memory, taken: Step, { key, secrets }: Rows): void {
  const expiresAt = key.expiresAt?.getTime()
  // Nothing but a person's word gives a key another expiry, or takes it away.
  if (taken.do !== 'expire') expect(expiresAt).toBe(memory.expiresAt)
  memory.expiresAt = expiresAt
  const end = expiresAt ?? Number.POSITIVE_INFINITY
  for (const { version, supersededAt } of secrets) {
    // A later expiry of the key is none of a secret that is superseded already.
    if (supersededAt && !memory.ends.has(version)) memory.ends.set(version, end)
  }
}

function checkSecrets(memory: Memory, { key, secrets }: Rows, now: number): void {
  expect(secrets.map(({ version }) => version)).toEqual(secrets.map((_, index) => index + 1))
  expect(secrets.filter(({ supersededAt }) => supersededAt === null).map(({ version }) => version)).toEqual([
    key.secretVersion,
  ])
  const good = secrets.filter((secret) => judge(key, secret, now) === 'VALID')
  expect(good.length).toBeLessThanOrEqual(2)
  for (const { version, supersededAt } of good) {
    expect(memory.dead).not.toContain(version)
    if (!supersededAt) continue
    expect(now).toBeLessThan(memory.ends.get(version) ?? 0)
    expect(now).toBeLessThan(supersededAt.getTime() + memory.typeGraceMs)
  }
  for (const secret of secrets)
    if (['ROTATED', 'REVOKED'].includes(judge(key, secret, now))) memory.dead.add(secret.version)
  for (const secret of secrets.filter(({ version }) => memory.dead.has(version)))
    expect(['ROTATED', 'REVOKED']).toContain(judge(key, secret, now))
}

function checkRotations({ key, secrets, rotations, escrow }: Rows, now: number): void {
  const completed = rotations.filter(({ state }) => state === 'completed')
  expect(completed.map(({ fromVersion }) => fromVersion).sort()).toEqual(
    secrets.slice(0, -1).map(({ version }) => version),
  )
  expect(rotations.filter(({ state }) => state === 'queued' || state === 'running').length).toBeLessThanOrEqual(1)
  expect(escrow.length).toBeLessThanOrEqual(1)
  for (const { id, kind, fromVersion, toVersion, graceEndsAt, firstUsedAt } of completed) {
    const old = secrets.find(({ version }) => version === fromVersion)
    expect(toVersion).toBe((fromVersion ?? 0) + 1)
    expect(secrets.find(({ rotationId }) => rotationId === id)?.version).toBe(toVersion)
    expect(old?.graceEndsAt).toEqual(graceEndsAt)
    if (!old || judge(key, old, now) !== 'VALID') continue
    const kept = escrow.some(({ rotationId, expiresAt }) => rotationId === id && expiresAt.getTime() > now)
    expect({ version: fromVersion, claimable: old.claimable }).toEqual({
      version: fromVersion,
      claimable: kept && kind !== 'forced' && !firstUsedAt,
    })
  }
}

/** Whoever gets a secret gets the one of the current version; a dead secret, and a forced rotation, give none. */
async function takeStep(life: Life, memory: Memory, taken: Step): Promise<void> {
  const before = await life.read()
  const given = await life.take(taken)
  const rows = await life.read()
  if (given && 'key' in given) {
    const secret = rows.secrets.find(({ version }) => version === given.secretVersion)
    expect(secret?.digest).toEqual(hashSecret(given.key))
    expect(memory.given.get(given.secretVersion) ?? given.key).toBe(given.key)
    memory.given.set(given.secretVersion, given.key)
    expect(given.secretVersion).toBe(rows.key.secretVersion)
    if (taken.do === 'claim') {
      const old = before.secrets.find(({ version }) => version === given.secretVersion - 1)
      expect(old && judge(before.key, old, life.now())).not.toBe('ROTATED')
      expect(rows.rotations.find(({ id }) => id === secret?.rotationId)?.kind).not.toBe('forced')
    }
  }
  remember(memory, taken, rows)
  checkSecrets(memory, rows, life.now())
  checkRotations(rows, life.now())
}

it('no sequence of operations lengthens a life, makes two successors, or brings a dead secret back', async () => {
  const seal = createSeal([randomBytes(32).toString('base64')])
  const steps = fc.array(step, { minLength: 5, maxLength: 25 })
  const property = fc.asyncProperty(key, steps, async ({ type, lifeSeconds, revokedAfter, ...policy }, taken) => {
    const life = await beginLife(
      { postgres: bench.postgres, seal },
      {
        type,
        name: 'a life',
        expiresAt: lifeSeconds === undefined ? undefined : new Date(birth + lifeSeconds * 1000),
        policy: { rotation: type === 'emergency' ? {} : policy },
      },
    )
    const { key: made } = await life.read()
    const typeGraceMs = keyKinds[type].defaultGraceSeconds * 1000
    const expiresAt = made.expiresAt?.getTime()
    const memory: Memory = { typeGraceMs, ends: new Map(), dead: new Set(), given: new Map(), expiresAt }
    for (const next of taken.toSpliced(revokedAfter, 0, { do: 'revoke' })) await takeStep(life, memory, next)
    // Long after all of it, only what is current can be good.
    await takeStep(life, memory, { do: 'wait', seconds: 80 * hour })
    const { key: now, secrets } = await life.read()
    const good = secrets.filter((secret) => judge(now, secret, life.now()) === 'VALID')
    expect(good.filter(({ version }) => version !== now.secretVersion)).toEqual([])
    if (type === 'emergency') expect(now.expiresAt?.getTime()).toBeLessThanOrEqual(birth + 72 * hour * 1000)
  })
  await fc.assert(property, { numRuns: Number(process.env['RUNS'] ?? 30), examples: [lateUse] })
})
