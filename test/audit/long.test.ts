import { listAudit } from '@momentry/shared/audit/list.ts'
import { makeAuditDays } from '@momentry/shared/audit/upkeep/make-ahead.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fillLog } from './fill.ts'
import { createTestLog, type TestLog } from './log.ts'

/** More than one page of each day (audit/read-day.ts). */
const [days, rowsPerDay, pageSize] = [3, 5_001, 5_000]

let log: TestLog
beforeAll(async () => {
  log = await createTestLog()
  await fillLog(log.postgres, log.signer, { days, rowsPerDay })
})
afterAll(() => log.close())

it('is verified page by page, and shows what was done at the border of two', async () => {
  expect(await log.verify()).toMatchObject({ valid: true, rows: days * rowsPerDay })
  const twin = `insert into api_key_audit_log select seq, at + interval '1 ms', 'key.created', key_id, actor_key_id, address,
    request_id, reason, before, after, previous_hash, hash from api_key_audit_log where seq = ${pageSize}`
  expect(await log.verifyAfter(twin)).toMatchObject({ valid: false, rows: pageSize, firstBroken: pageSize + 1 })
  expect(await log.verifyAfter(`delete from api_key_audit_log where seq = ${pageSize + 1}`)).toMatchObject({
    valid: false,
    firstBroken: pageSize + 1,
    reason: 'this row is missing',
  })
})

it('is listed over the borders of days, whatever is asked for', async () => {
  const cursor = 2 * rowsPerDay + 3
  const page = await listAudit(log.postgres.db, { limit: 5, cursor })
  expect(page.data.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5].map((n) => cursor - n))
  expect(page.pagination).toEqual({ cursor: String(cursor - 5), hasMore: true })
  const first = await listAudit(log.postgres.db, { limit: 5, cursor: 4 })
  expect(first.data.map(({ seq }) => seq)).toEqual([3, 2, 1])
  expect(first.pagination.hasMore).toBe(false)
  const none = await listAudit(log.postgres.db, { limit: 5, action: 'key.revoked' })
  expect(none).toMatchObject({ data: [], pagination: { hasMore: false } })
})

it('goes over to a day whose partition was made ahead, once', async () => {
  log.setTime('2020-01-03T23:00:00Z')
  expect(await makeAuditDays(log.context)).toBe(1)
  expect(await makeAuditDays(log.context)).toBe(0)
  log.setTime('2020-01-04T00:00:00Z')
  await log.append(1)
  expect(await log.verify()).toMatchObject({ valid: true, head: { day: '2020-01-04' } })
})

it('is verified over more days than are read at once', async () => {
  const long = await createTestLog()
  try {
    await fillLog(long.postgres, long.signer, { days: 202, rowsPerDay: 1 })
    expect(await long.verify()).toMatchObject({ valid: true, rows: 202 })
    expect(await long.verifyAfter('delete from api_key_audit_log where seq = 201')).toMatchObject({ firstBroken: 201 })
    const { data } = await listAudit(long.postgres.db, { limit: 150 })
    expect(data.map(({ seq }) => seq)).toEqual(Array.from({ length: 150 }, (_, n) => 202 - n))
  } finally {
    await long.close()
  }
})
