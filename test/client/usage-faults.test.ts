import { createClient } from '@momentry/client/client.ts'
import { createUsageReporter, type Dropped, type UsageReporterOptions } from '@momentry/client/usage/reporter.ts'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { away } from './support/answers.ts'
import { eventually } from './support/eventually.ts'
import { type StandIn, startStandIn, type Treatment } from './support/stand-in.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

const bodySchema = z.object({ events: z.array(z.object({ keyId: z.string(), at: z.iso.datetime() })) })
const taken: Treatment = { status: 202, body: { accepted: 0 } }

/** The keys of the events of each request. */
function reportsOf({ seen }: StandIn): string[][] {
  return seen.map(({ text }) => bodySchema.parse(JSON.parse(text)).events.map(({ keyId }) => keyId))
}

/** A reporter to a server that treats a report by its events and by which one it is. */
async function setUp(
  treat: (keyIds: string[], index: number) => Treatment | Promise<Treatment>,
  options: Partial<UsageReporterOptions> = {},
) {
  const standIn: StandIn = await startStandIn((_, index) => treat(reportsOf(standIn)[index] ?? [], index))
  const client = createClient({ url: standIn.url, apiKey: 'own', timeoutMs: 10_000, retry: { retries: 0 } })
  const drops: Dropped[] = []
  const errors: unknown[] = []
  const reporter = createUsageReporter({
    ...{ client, flushEveryMs: 5 },
    onDropped: (dropped) => drops.push(dropped),
    onError: (error) => errors.push(error),
    ...options,
  })
  closers.push(() => reporter.close({ timeoutMs: 0 }), standIn.close)
  const report = (...keyIds: string[]) => {
    for (const keyId of keyIds) reporter.report({ keyId, status: 200 })
  }
  const dropped = (reason: string) =>
    drops.filter((drop) => drop.reason === reason).flatMap(({ events }) => events.map(({ keyId }) => keyId))
  return {
    reporter,
    report,
    dropped,
    errors,
    standIn,
    names: () => standIn.seen.map((s) => s.headers['idempotency-key']),
  }
}

const manyKeys = (count: number) => Array.from({ length: count }, (_, index) => `k${index}`)

describe('createUsageReporter', () => {
  it('sends what came together in one report, each event with its time', async () => {
    const { report, standIn, reporter } = await setUp(() => taken)
    report('a', 'b', 'c')
    await eventually(() => reporter.pending()).toBe(0)
    expect(reportsOf(standIn)).toEqual([['a', 'b', 'c']])
  })

  it('sends no more than 1,000 at once, and so many without waiting', async () => {
    const { report, standIn, reporter } = await setUp(() => taken, { flushEveryMs: 1_000_000 })
    report(...manyKeys(1500))
    await eventually(() => reporter.pending()).toBe(500)
    expect(reportsOf(standIn).map(({ length }) => length)).toEqual([1000])
    report(...manyKeys(1600).slice(1500))
    await reporter.close()
    expect(reportsOf(standIn).map(({ length }) => length)).toEqual([1000, 600])
    expect(reportsOf(standIn).flat()).toEqual(manyKeys(1600))
  })

  it.each<[string, Treatment]>([
    ['lost', 'lost'],
    ['half', 'half'],
    ['an outage', away],
    ['a 500', { status: 500, body: {} }],
    ['a key without the scope', { status: 403, body: { code: 'FORBIDDEN' } }],
    ['a proxy that refuses', { status: 400, body: '<html>' }],
    ['too many requests', { status: 429, headers: { 'retry-after': '0' } }],
  ])('sends the same report again, under the same name, after %s', async (_, treatment) => {
    const { report, standIn, reporter, names, errors } = await setUp((__, index) => (index < 3 ? treatment : taken))
    report('a', 'b')
    await eventually(() => reporter.pending()).toBe(0)
    expect(reportsOf(standIn)).toEqual(Array(4).fill(['a', 'b']))
    expect(new Set(names()).size).toBe(1)
    expect([errors.length, reporter.dropped()]).toEqual([3, 0])
  })

  it('counts what does not fit, and tells of it', async () => {
    const gate = Promise.withResolvers<Treatment>()
    const { report, reporter, dropped, standIn } = await setUp(() => gate.promise, { maxBuffered: 3 })
    report('a', 'b')
    await eventually(() => standIn.seen.length).toBe(1)
    report('c', 'd', 'e')
    expect([reporter.dropped(), dropped('full')]).toEqual([2, ['d', 'e']])
    gate.resolve(taken)
    await reporter.close()
    expect(reportsOf(standIn)).toEqual([['a', 'b'], ['c']])
    expect(reporter.dropped()).toBe(2)
  })

  it('takes out what Momentry points at, and sends the rest under a name of its own', async () => {
    const { report, reporter, standIn, names, dropped } = await setUp((keyIds) => {
      const bad = keyIds.indexOf('bad')
      const errors = [{ pointer: `/events/${bad}/keyId`, detail: 'there is no such key' }]
      return bad < 0 ? taken : { status: 400, body: { code: 'VALIDATION_FAILED', errors } }
    })
    report('a', 'bad', 'b', 'bad', 'c')
    await eventually(() => reporter.pending()).toBe(0)
    expect(reportsOf(standIn).at(-1)).toEqual(['a', 'b', 'c'])
    expect(new Set(names()).size).toBe(3)
    expect([reporter.dropped(), dropped('refused')]).toEqual([2, ['bad', 'bad']])
  })

  it.each([
    [400, { code: 'VALIDATION_FAILED' }],
    [413, '<html>'],
    [422, { code: 'IDEMPOTENCY_KEY_REUSED' }],
  ])('finds what a %i is about by halves', async (status, body) => {
    const { report, reporter, standIn, dropped } = await setUp((keyIds) =>
      keyIds.includes('bad') ? { status, body } : taken,
    )
    report(...manyKeys(10), 'bad', ...manyKeys(5))
    await eventually(() => reporter.pending()).toBe(0)
    const accepted = reportsOf(standIn).filter((keyIds) => !keyIds.includes('bad'))
    expect(accepted.flat()).toEqual([...manyKeys(10), ...manyKeys(5)])
    expect(dropped('refused')).toEqual(['bad'])
  })

  it('closes in time, and counts what was not taken by then', async () => {
    const { report, reporter, dropped } = await setUp(() => away)
    report('a', 'b')
    await eventually(() => reporter.pending()).toBe(2)
    await reporter.close({ timeoutMs: 100 })
    report('late')
    expect([reporter.pending(), reporter.dropped(), dropped('closed')]).toEqual([0, 3, ['a', 'b', 'late']])
  })

  it('sends what is left when it is closed, without waiting for its turn or for the end of a pause', async () => {
    let isAway = true
    const { report, reporter, standIn, errors } = await setUp(() =>
      isAway ? { ...away, headers: { 'retry-after': '30' } } : taken,
    )
    report('a')
    await eventually(() => errors.length).toBe(1)
    isAway = false
    report('b')
    await reporter.close()
    expect(reportsOf(standIn).slice(1)).toEqual([['a'], ['b']])
    expect(reporter.dropped()).toBe(0)
  })

  it('goes on whatever its callbacks and its callers do', async () => {
    const broken = () => {
      throw new Error('broken')
    }
    const { reporter, standIn } = await setUp((_, index) => (index === 0 ? away : taken), {
      ...{ onDropped: broken, onError: broken, maxBuffered: 1 },
    })
    const nothing = JSON.parse('null')
    for (const event of [nothing, { keyId: 'a', status: 200 }, { keyId: 'b', status: 200 }]) reporter.report(event)
    await eventually(() => reporter.pending()).toBe(0)
    expect(reportsOf(standIn).at(-1)).toEqual(['a'])
    expect(reporter.dropped()).toBe(2)
  })
})
