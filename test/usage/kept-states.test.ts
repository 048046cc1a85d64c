import { readState } from '@momentry/shared/anomalies/detect/state-codec.ts'
import { createWatcher, type Watcher, type WatchOutcome } from '@momentry/shared/anomalies/detect/watch.ts'
import { createLogger } from '@momentry/shared/platform/process/log.ts'
import { createNames, type Names } from '@momentry/shared/platform/redis/names.ts'
import { createConsumerGroup } from '@momentry/shared/streams/group.ts'
import { encodeEntry } from '@momentry/shared/usage/entry.ts'
import type { UsageEvent } from '@momentry/shared/usage/event.ts'
import { readEntries } from '@momentry/shared/usage/read-entries.ts'
import { createWindowStore, type WindowStore } from '@momentry/shared/usage/windows.ts'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestStores, type TestStores } from '../support/stores.ts'
import { createWorkbench, type Workbench } from '../support/workbench.ts'

/*
 * A watcher keeps the states of its keys in memory while nobody else commits. Whatever happens, it must find, and leave in
 * Redis, what one does that reads all of them anew each time.
 */
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

const start = Date.UTC(2026, 0, 5, 12)
const keyIds = Array.from({ length: 4 }, (_, n) => `019a2b3c-4d5e-7f60-8a9b-00000000000${n}`)
const thresholds = {
  ...{ requestsPerMinute: 8, errorRate: 0.5, errorMinRequests: 4, ipsPerHour: 2 },
  ...{ timeMaxShare: 0.001, timeMinDays: 14, timeMinHistory: 200, timeMinRequests: 3 },
}

/** A partition of its own, and a clock. */
function makePlace(name: string) {
  const names = createNames(`${stores.prefix}-${name}`)
  return { names, clock: { now: start } }
}
type Place = ReturnType<typeof makePlace>

interface Consumer {
  watcher: Watcher
  /** Takes what is new, and what it was handed out before, again where that is refused; tells how often it was. */
  take(): Promise<{ outcome: WatchOutcome; refused: number }>
}

/** Who consumes a partition, and has kept nothing yet. */
function startConsumer({ names, clock }: Place, consumer = 'one', change = (store: WindowStore) => store): Consumer {
  const { redis } = bench
  const store = change(createWindowStore({ redis, names, partition: 0, group: 'workers', consumer }))
  const log = createLogger({ name: 'test', level: 'silent' })
  const readThresholds = async (ids: readonly string[]) => new Map(ids.map((id) => [id, thresholds]))
  const watcher = createWatcher({ store, readThresholds, settleSeconds: 2, now: () => clock.now, log })
  const group = createConsumerGroup({ redis, stream: names.usageStream(0), group: 'workers', consumer })
  return {
    watcher,
    async take() {
      await group.readNew(100, 1)
      for (let refused = 0; ; refused += 1) {
        const batch = readEntries(await group.readPending(100))
        const outcome = batch.entryIds.length > 0 ? await watcher.take(batch) : { events: 0, findings: [] }
        if (outcome || refused > 5) return { outcome, refused }
      }
    },
  }
}

const append = ({ names }: Place, events: readonly UsageEvent[]) =>
  bench.redis.xadd(names.usageStream(0), '*', 'batch', encodeEntry(events))

async function readStates(names: Names) {
  const all = await bench.redis.mgetBuffer(keyIds.map((id) => names.window(0, id)))
  return all.map((bytes) => readState(bytes ?? undefined, 0))
}

/** Keys that are due come in the order of their times, which are not the same for those that were not moved. */
const inOrder = (outcome: WatchOutcome) => outcome?.findings.toSorted((a, b) => a.keyId.localeCompare(b.keyId))

const event: fc.Arbitrary<UsageEvent> = fc.record({
  keyId: fc.constantFrom(...keyIds),
  at: fc.integer({ min: -5, max: 400 }).map((second) => start + second * 1000),
  ip: fc.integer({ min: 1, max: 4 }).map((n) => `192.0.2.${n}`),
  status: fc.constantFrom(200, 200, 500),
  latencyMs: fc.constant(undefined),
})
/** Events that come together, and how long nothing comes after them. */
const step = fc.record({
  events: fc.array(event, { minLength: 1, maxLength: 12 }),
  silentMs: fc.constantFrom(0, 500, 1999, 2000, 61_000, 301_000),
  consumer: fc.constantFrom('one', 'two'),
})

describe('states that a worker keeps', () => {
  it('lead to what states lead to that are read anew each time, in silence too', async () => {
    let places = 0
    const property = fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
      places += 1
      const [keeping, reading] = [makePlace(`keeping-${places}`), makePlace(`reading-${places}`)]
      const keeper = startConsumer(keeping)
      for (const { events, silentMs } of steps) {
        await append(keeping, events)
        await append(reading, events)
        expect(await keeper.take()).toEqual(await startConsumer(reading).take())
        for (const { clock } of [keeping, reading]) clock.now += silentMs
        expect(inOrder(await keeper.watcher.judgeDue())).toEqual(
          inOrder(await startConsumer(reading).watcher.judgeDue()),
        )
        expect(await readStates(keeping.names)).toEqual(await readStates(reading.names))
      }
    })
    await fc.assert(property, { numRuns: 60 })
  })

  it('are not those of another worker, with whom it works on a partition in turn', async () => {
    let places = 0
    const property = fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
      places += 1
      const [shared, alone] = [makePlace(`shared-${places}`), makePlace(`alone-${places}`)]
      const consumers = { one: startConsumer(shared, 'one'), two: startConsumer(shared, 'two') }
      for (const { events, consumer } of steps) {
        await append(shared, events)
        await append(alone, events)
        const { outcome, refused } = await consumers[consumer === 'one' ? 'one' : 'two'].take()
        expect(outcome).toEqual((await startConsumer(alone).take()).outcome)
        expect(refused).toBeLessThanOrEqual(1)
        expect(await readStates(shared.names)).toEqual(await readStates(alone.names))
      }
    })
    await fc.assert(property, { numRuns: 60 })
  })

  it('are forgotten where the answer to a commit was lost, whether it happened or not', async () => {
    const place = makePlace('lost')
    const lose = (happens: boolean) => (store: WindowStore) => ({
      ...store,
      async commit(commit: Parameters<WindowStore['commit']>[0]) {
        const next = happens || commit.counted !== 2 ? await store.commit(commit) : undefined
        if (commit.counted === 2) throw new Error('no answer')
        return next
      },
    })
    const events = (count: number) =>
      Array.from({ length: count }, () => ({
        ...{ keyId: keyIds[0] ?? '', at: start, ip: undefined, status: 200, latencyMs: undefined },
      }))
    let counted = 0
    for (const happens of [true, false]) {
      const consumer = startConsumer(place, 'one', lose(happens))
      for (const count of [1, 2, 3]) {
        await append(place, events(count))
        const taking = consumer.take()
        if (count === 2) await expect(taking).rejects.toThrow('no answer')
        else await taking
        counted += count
      }
      // What was not committed is still pending, and is taken with the three that came after it.
      const [first] = await readStates(place.names)
      expect(first?.state.window.seconds).toEqual([{ second: start / 1000, requests: counted, errors: 0 }])
    }
  })

  it('are forgotten where Redis lost the last commits, and as many others took their place', async () => {
    const place = makePlace('rolled-back')
    const { redis } = bench
    const [keyId = '', other = ''] = keyIds
    const use = (id: string) => ({ keyId: id, at: start, ip: undefined, status: 200, latencyMs: undefined })
    const requests = async () => (await readStates(place.names))[0]?.state.window.seconds[0]?.requests
    const kept = [place.names.revision(0), place.names.window(0, keyId)] as const
    const [keeper, fellow] = [startConsumer(place, 'one'), startConsumer(place, 'two')]
    await append(place, [use(keyId)])
    await keeper.take()
    const before = await Promise.all(kept.map((name) => redis.dumpBuffer(name)))
    await append(place, [use(keyId), use(keyId)])
    await keeper.take()
    expect(await requests()).toBe(3)
    for (const [index, name] of kept.entries()) await redis.restore(name, 0, before[index] ?? '', 'REPLACE')
    await append(place, [use(other)])
    expect(await fellow.take()).toMatchObject({ refused: 0 })
    await append(place, [use(keyId)])
    // It goes by what Redis has, and not by the three that it remembers.
    expect(await keeper.take()).toMatchObject({ refused: 1 })
    expect(await requests()).toBe(2)
  })

  it('say where a key stands that is used all the time: it is not moved, and judged when it falls silent', async () => {
    const place = makePlace('standing')
    const { redis } = bench
    const [keyId = ''] = keyIds
    const consumer = startConsumer(place)
    const failed = { keyId, at: start, ip: undefined, status: 500, latencyMs: undefined }
    const standsAt = async () => Number(await redis.zscore(place.names.due(0), keyId))
    for (let second = 0; second < 4; second += 1) {
      await append(place, [{ ...failed, at: start + second * 100 }])
      await consumer.take()
      expect(await standsAt()).toBe(start + 2000)
      place.clock.now += 1000
    }
    // Not silent for long enough yet: it is moved to when it will be.
    expect(await consumer.watcher.judgeDue()).toMatchObject({ findings: [] })
    expect(await standsAt()).toBe(start + 5000)
    place.clock.now += 1000
    expect(await consumer.watcher.judgeDue()).toMatchObject({ findings: [{ rule: 'high_error_rate', observed: 1 }] })
  })
})
