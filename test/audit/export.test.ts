import { type ExportVerification, verifyExport } from '@momentry/shared/audit/export/verify.ts'
import { exportAudit } from '@momentry/shared/audit/export/write.ts'
import { pruneAudit } from '@momentry/shared/audit/upkeep/prune.ts'
import { signHeadsAnew } from '@momentry/shared/audit/upkeep/sign-anew.ts'
import { auditPurpose, createSigner } from '@momentry/shared/platform/sign.ts'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { createTestLog, type TestLog } from './log.ts'

let log: TestLog
let lines: string[]
/** Rows 1 to 3, 4 to 6 and 7 to 9. */
beforeAll(async () => {
  log = await createTestLog()
  for (const day of ['2026-01-05', '2026-01-06', '2026-01-08']) {
    log.setTime(`${day}T12:00:00Z`)
    await log.append(3)
  }
  lines = await write({})
})
afterAll(() => log.close())

async function write(range: { from?: string; to?: string }): Promise<string[]> {
  const deps = { db: log.postgres.db, signer: log.signer, now: () => 0 }
  const texts = await Array.fromAsync(exportAudit(deps, range))
  return texts.join('').trimEnd().split('\n')
}

async function* given(texts: readonly string[]) {
  yield* texts
}
const check = (texts: readonly string[], key: string | undefined = log.signer.publicKey.key) =>
  verifyExport(given(texts), key)
const without = (at: number, count = 1) => lines.toSpliced(at, count)

// The file's lines: 0 what it is, 1 head, 2 to 4 rows, 5 head, 6 to 8 rows, 9 head, 10 to 12 rows, 13 the end.
describe('an export', () => {
  it('is verified without a server, by a public key from elsewhere or by its own', async () => {
    const valid = { valid: true, rows: 9, keyId: log.signer.publicKey.keyId, from: null, to: null }
    expect(lines.length).toBe(14)
    expect(await check(lines)).toEqual(valid)
    expect(await verifyExport(given(lines))).toEqual(valid)
  })

  it('can be some days of the log', async () => {
    expect(await check(await write({ from: '2026-01-06' }))).toMatchObject({ valid: true, rows: 6 })
    expect(await check(await write({ from: '2026-01-06', to: '2026-01-07' }))).toMatchObject({ valid: true, rows: 3 })
    expect(await check(await write({ to: '2026-01-05' }))).toMatchObject({ valid: true, rows: 3 })
    expect(await check(await write({ from: '2027-01-01' }))).toMatchObject({ valid: true, rows: 0 })
  })

  const changed = (at: number, from: string, to: string) => lines.with(at, lines[at]?.replace(from, to) ?? '')
  const begunLater = () => {
    const { start: _, ...intro } = JSON.parse(lines[0] ?? '')
    const { head } = JSON.parse(lines[5] ?? '')
    return JSON.stringify({ ...intro, start: { seq: 3, hash: head.previousHash }, from: '2026-01-06' })
  }
  const cases: [string, () => string[], Partial<ExportVerification>][] = [
    ['a changed row', () => changed(7, 'because', 'becausE'), { broken: { seq: 5, reason: 'this row was changed' } }],
    ['a row that is gone', () => without(3), { broken: { seq: 2, reason: 'this row is missing' } }],
    ['the first row gone', () => without(2), { broken: { seq: 1, reason: 'this row is missing' } }],
    ['the last row gone', () => without(12), { broken: { seq: 9, reason: 'this row is missing' } }],
    ['a day gone', () => without(5, 4), { broken: { seq: 4, reason: expect.stringContaining('2026-01-08') } }],
    ['the last day gone', () => without(9, 4), { problem: expect.stringContaining('its end knows of others') }],
    [
      'the last day gone, and the end made to fit',
      () => without(9, 4).with(-1, changed(13, '"rows":9', '"rows":6').at(-1)?.replace('"seq":9', '"seq":6') ?? ''),
      { problem: expect.stringContaining('not signed') },
    ],
    [
      'the first day gone, and the beginning made to fit',
      () => without(1, 4).with(0, begunLater()),
      { problem: expect.stringContaining('not signed') },
    ],
    [
      'a row put in',
      () => lines.toSpliced(4, 0, lines[3] ?? ''),
      { broken: { seq: 3, reason: 'this row is missing' } },
    ],
    [
      'rows that changed places',
      () => lines.with(2, lines[3] ?? '').with(3, lines[2] ?? ''),
      { broken: { seq: 1, reason: 'this row is missing' } },
    ],
    [
      'a changed head',
      () => changed(9, '"lastSeq":9', '"lastSeq":8'),
      { broken: { seq: 7, reason: expect.stringContaining('no key of ours') } },
    ],
    ['a file that was cut off', () => lines.slice(0, 13), { problem: 'its end is missing: it was cut off' }],
    ['half a line at the end', () => lines.with(13, '{"end":'), { problem: 'line 14 is none of an export' }],
    ['something after the end', () => [...lines, lines[13] ?? ''], { problem: 'something follows its end' }],
    [
      'more nesting than anything has',
      () => lines.with(3, '['.repeat(100_000)),
      { problem: 'line 4 is none of an export' },
    ],
  ]
  it.each(cases)('shows %s', async (_, make, outcome) => {
    expect(await check(make())).toMatchObject({ valid: false, ...outcome })
  })

  it('that somebody else signed is not taken, and what is none at all is told', async () => {
    const other = createSigner([Buffer.alloc(32, 7).toString('base64')], auditPurpose)
    expect(await check(lines, other.publicKey.key)).toMatchObject({ valid: false, broken: { seq: 1 } })
    await expect(check(['{}'])).rejects.toThrow('no export')
    await expect(check([])).rejects.toThrow('no export')
  })
})

describe('the upkeep of the log', () => {
  const context = (now: string) => ({ ...log.context, now: () => Date.parse(now) })
  const row = async (seq: number) => {
    const { rows } = await log.postgres.pool.query('select action, after from api_key_audit_log where seq = $1', [seq])
    return rows[0]
  }

  it('signs all heads by a new master key, after which the old one is not needed', async () => {
    const next = Buffer.alloc(32, 1).toString('base64')
    const both = createSigner([next, inject('masterKey')], auditPurpose)
    expect(await signHeadsAnew({ ...log.context, signer: both })).toEqual({ signed: 3, foreign: 0 })
    expect(await log.verify()).toMatchObject({ valid: false, firstBroken: 1 })
    const back = createSigner([inject('masterKey'), next], auditPurpose)
    expect(await signHeadsAnew({ ...log.context, signer: back })).toEqual({ signed: 3, foreign: 0 })
    expect(await log.verify()).toMatchObject({ valid: true, rows: 11 })
    expect(await row(11)).toEqual({
      action: 'audit.signed-anew',
      after: { keyId: log.signer.publicKey.keyId, signed: 3, foreign: 0 },
    })
  })

  it('exports under one key while one master key follows another', async () => {
    const both = createSigner([Buffer.alloc(32, 1).toString('base64'), inject('masterKey')], auditPurpose)
    const texts = await Array.fromAsync(exportAudit({ db: log.postgres.db, signer: both, now: () => 0 }, {}))
    const exported = texts.join('').trimEnd().split('\n')
    expect(await check(exported, both.publicKey.key)).toMatchObject({ valid: true, rows: 11 })
  })

  it('drops no day that somebody reads, and lets nobody wait for long', async () => {
    const reader = await log.postgres.pool.connect()
    await reader.query('begin; select count(*) from api_key_audit_log')
    expect(await pruneAudit(context('2026-01-16T00:00:00Z'), 9)).toBe(0)
    await reader.query('rollback')
    reader.release()
  })

  it('drops days that are too old, says so, and what is left is still whole', async () => {
    const { head } = await log.verify()
    expect(await pruneAudit(context('2026-01-10T00:00:00Z'), 10)).toBe(0)
    expect(await pruneAudit(context('2026-01-16T00:00:00Z'), 9)).toBe(2)
    expect(await log.verify()).toMatchObject({ valid: true, rows: 6, head: { day: '2026-01-16', seq: 12 } })
    expect(await row(12)).toEqual({
      action: 'audit.pruned',
      after: { from: '2026-01-05', to: '2026-01-06', rows: 6, keptDays: 9 },
    })
    expect(await check(await write({}))).toMatchObject({ valid: true, rows: 6 })
    const anchored = (seq: number, hash: string) => log.verify(undefined, { seq, hash: Buffer.from(hash, 'hex') })
    expect(await anchored(head?.seq ?? 0, head?.hash ?? '')).toMatchObject({ valid: true, anchored: true })
    expect(await anchored(2, 'aa'.repeat(32))).toMatchObject({ valid: true, anchored: false })
    expect(await log.verifyAfter('delete from api_key_audit_heads where pruned_at is not null')).toMatchObject({
      valid: false,
      firstBroken: 1,
    })
    const intoDropped = `select momentry_audit_day('2026-01-05');
      insert into api_key_audit_log (seq, at, action, request_id, previous_hash, hash)
      values (2, '2026-01-05T00:00:00Z', 'key.created', 'forged', sha256('x'), sha256('y'))`
    expect(await log.verifyAfter(intoDropped)).toMatchObject({ valid: false, firstBroken: 2 })
  })
})
