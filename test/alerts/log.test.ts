import { listAlerts } from '@momentry/shared/alerts/list.ts'
import type { LoggedAlert } from '@momentry/shared/alerts/logged.ts'
import { pruneAlerts, pruneSilences } from '@momentry/shared/alerts/prune.ts'
import { latestSeq, readLog } from '@momentry/shared/alerts/read-log.ts'
import { type RouteAlert, recordAlert } from '@momentry/shared/alerts/record.ts'
import { alertLog, alertSilences } from '@momentry/shared/alerts/table.ts'
import { createId } from '@momentry/shared/platform/id.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeAlert } from '../support/alerts.ts'
import { createTestStores, type TestStores } from '../support/stores.ts'
import { createWorkbench, type Workbench } from '../support/workbench.ts'

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
beforeEach(async () => {
  await bench.postgres.pool.query('TRUNCATE alert_log, alert_silences')
})

const day = 86_400_000
const now = Date.parse('2026-04-01T00:00:00Z')
let routed: LoggedAlert[] = []
const route: RouteAlert = async (_, logged) => void routed.push(logged)
beforeEach(() => {
  routed = []
})
const record = (alert = makeAlert(), more: { now?: number; route?: RouteAlert } = {}) =>
  recordAlert({ db: bench.postgres.db, now: () => more.now ?? now, route: more.route ?? route }, alert)
const seqsAfter = async (after: number) => (await readLog(bench.postgres.db, after, 1_000)).map(({ seq }) => seq)

describe('recordAlert', () => {
  it('writes an alert once by id, type and severity, and gives the first one again', async () => {
    const alert = makeAlert()
    const first = await record(alert)
    const again = await record({ ...alert, timestamp: '2026-01-05T13:00:00.000Z' }, { now: now + 1 })
    expect(again).toEqual(first)
    expect(first).toMatchObject({ seq: 1, alert, severity: 'medium', rule: 'multiple_ips', owner: null })
    const graver = await record({ ...alert, type: 'anomaly.escalated', data: { ...alert.data, severity: 'high' } })
    expect(graver.seq).toBe(2)
    expect(routed.map(({ seq }) => seq)).toEqual([1, 2])
  })

  it('writes neither the alert nor what follows from it where that fails', async () => {
    const alert = makeAlert()
    const fail: RouteAlert = async (tx, logged) => {
      await tx.insert(alertSilences).values(silence({ reason: String(logged.seq) }))
      throw new Error('not now')
    }
    await expect(record(alert, { route: fail })).rejects.toThrow('not now')
    expect(await seqsAfter(0)).toEqual([])
    expect(await bench.postgres.db.select().from(alertSilences)).toEqual([])
    expect((await record(alert)).seq).toBe(1)
  })

  it('lets no reader see a later number first, however many write at once', async () => {
    const seen: number[] = []
    let writing = true
    const read = async () => {
      while (writing || seen.length < (await latestSeq(bench.postgres.db)))
        seen.push(...(await seqsAfter(seen.at(-1) ?? 0)))
    }
    const reading = read()
    const writer = async () => {
      for (let n = 0; n < 40; n += 1) await record()
    }
    await Promise.all([writer(), writer(), writer()])
    writing = false
    await reading
    expect(seen).toEqual(Array.from({ length: 120 }, (_, index) => index + 1))
  })

  it('makes one row of one alert that several tell at once', async () => {
    const alert = makeAlert()
    const all = await Promise.all([record(alert), record(alert), record(alert), record(alert)])
    expect(new Set(all.map(({ seq }) => seq)).size).toBe(1)
    expect(routed.length).toBe(1)
  })
})

const silence = (more: Partial<typeof alertSilences.$inferInsert> = {}) => ({
  ...{ id: createId(), startsAt: new Date(now - day), endsAt: new Date(now + day), createdAt: new Date(now - day) },
  ...more,
})

describe('a silence', () => {
  const [keyId, rule] = [createId(), 'multiple_ips']
  it.each([
    ['of the key', { keyId }, false],
    ['of the key and the rule', { keyId, rule }, false],
    ['of another key', { keyId: createId() }, true],
    ['of the key and another rule', { keyId, rule: 'unusual_time' }, true],
    ['that has not begun', { keyId, startsAt: new Date(now + 1) }, true],
    ['that has ended', { keyId, endsAt: new Date(now) }, true],
    ['that has just begun', { keyId, startsAt: new Date(now) }, false],
  ])('%s: the alert is logged, and goes further: %o %s', async (_, match, goesFurther) => {
    await bench.postgres.db.insert(alertSilences).values(silence(match))
    expect((await record(makeAlert({ keyId, rule }))).seq).toBe(1)
    expect(routed.length).toBe(goesFurther ? 1 : 0)
  })
})

describe('pruning', () => {
  it('removes what is old, and never gives a number twice', async () => {
    for (const age of [100, 95, 91, 89]) await record(makeAlert(), { now: now - age * day })
    expect(await pruneAlerts(bench.postgres.db, 90, now)).toBe(3)
    expect(await seqsAfter(0)).toEqual([4])
    expect(await pruneAlerts(bench.postgres.db, 10, now)).toBe(0)
    expect((await record()).seq).toBe(5)
    expect(await pruneAlerts(bench.postgres.db, 10, now)).toBe(1)
    expect(await bench.postgres.db.$count(alertLog)).toBe(1)
  })

  it('removes silences that ended long ago', async () => {
    const ends = [91, 89, -1].map((age) => silence({ startsAt: new Date(0), endsAt: new Date(now - age * day) }))
    await bench.postgres.db.insert(alertSilences).values(ends)
    expect(await pruneSilences(bench.postgres.db, 90, now)).toBe(1)
  })
})

it('is listed page by page while it grows, without a gap', async () => {
  for (let n = 0; n < 5; n += 1) await record()
  const context = { db: bench.postgres.db } as Parameters<typeof listAlerts>[0]
  const first = await listAlerts(context, { limit: 2 })
  await record()
  const second = await listAlerts(context, { limit: 5, cursor: first.pagination.cursor ?? '' })
  expect([...first.data, ...second.data].map(({ seq }) => seq)).toEqual([5, 4, 3, 2, 1])
  expect(second.pagination).toEqual({ cursor: null, hasMore: false })
})
