import { randomBytes } from 'node:crypto'
import { verifyAudit } from '@momentry/shared/audit/verify.ts'
import { auditPurpose, createSigner } from '@momentry/shared/platform/sign.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestLog, type TestLog } from './log.ts'

let log: TestLog
/** The head of the second day before the third one began. */
let earlier: { last_seq: string; hash: Buffer; signature: Buffer }
/** Rows 1 to 5, 6 to 10 and 11 to 15. */
beforeAll(async () => {
  log = await createTestLog()
  for (const time of ['2026-01-05T23:59:59.990Z', '2026-01-06T12:00:00Z', '2026-01-08T00:00:00Z']) {
    const { rows } = await log.postgres.pool.query('select * from api_key_audit_heads order by day desc limit 1')
    earlier = rows[0]
    log.setTime(time)
    await log.append(5)
  }
})
afterAll(() => log.close())

/** Puts a row's columns, but those that are named, in the place of another's. */
const set = (seq: number, change: string) => `update api_key_audit_log set ${change} where seq = ${seq}`

/** Writes a row behind the tenth. */
const forge = (
  seq: string,
  at: string,
) => `insert into api_key_audit_log (seq, at, action, request_id, previous_hash, hash)
  select ${seq}, ${at}, 'key.created', 'forged', hash, sha256('y') from api_key_audit_log where seq = 10`

const columns: [string, string][] = [
  ['at', `at = at + interval '1 microsecond'`],
  ['action', `action = 'key.created'`],
  ['key', `key_id = gen_random_uuid()`],
  ['actor', 'actor_key_id = null'],
  ['address', `address = '127.0.0.1/24'`],
  ['request id', `request_id = 'x'`],
  ['reason', `reason = 'none'`],
  ['before', `before = jsonb_set(before, '{name}', '"x"')`],
  ['after', 'after = null'],
  ['previous hash', `previous_hash = sha256('x')`],
  ['hash', `hash = sha256('x')`],
]

describe('the audit log', () => {
  it('is whole, over days, and tells where it ends', async () => {
    expect(await log.verify()).toEqual({
      valid: true,
      rows: 15,
      head: {
        day: '2026-01-08',
        seq: 15,
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        keyId: log.signer.publicKey.keyId,
        signature: expect.stringMatching(/^[0-9a-f]{128}$/),
      },
    })
    const { rows } = await log.postgres.pool.query(
      'select day, first_seq::int, last_seq::int from api_key_audit_heads order by day',
    )
    expect(rows.map(({ first_seq, last_seq }) => [first_seq, last_seq])).toEqual([
      [1, 5],
      [6, 10],
      [11, 15],
    ])
  })

  it.each(columns)('shows a changed %s, of the first, of a middle and of the last row', async (_, change) => {
    for (const seq of [1, 8, 15]) {
      const outcome = await log.verifyAfter(set(seq, change))
      expect.soft(outcome, `row ${seq}`).toMatchObject({ valid: false, rows: seq - 1, firstBroken: seq })
    }
  })

  it.each([
    ['the first row', 'seq = 1', 1],
    ['a row in the middle', 'seq = 8', 8],
    ['the last row of a day', 'seq = 10', 10],
    ['the last row', 'seq = 15', 15],
    ['the last rows', 'seq > 12', 13],
    ['a whole day', 'seq between 6 and 10', 6],
    ['the whole log', 'true', 1],
  ])('shows that %s is gone', async (_, where, firstBroken) => {
    const outcome = await log.verifyAfter(`delete from api_key_audit_log where ${where}`)
    expect(outcome).toMatchObject({ valid: false, firstBroken, reason: 'this row is missing' })
  })

  it('shows that a day is gone with its head, or all of them', async () => {
    const without = (day: string) =>
      log.verifyAfter(`delete from api_key_audit_log where at::date = '${day}';
        delete from api_key_audit_heads where day = '${day}'`)
    expect(await without('2026-01-05')).toMatchObject({ valid: false, firstBroken: 1 })
    expect(await without('2026-01-06')).toMatchObject({ valid: false, firstBroken: 6 })
    expect(await without('2026-01-08')).toMatchObject({ valid: false, firstBroken: 11 })
    expect(await log.verifyAfter('delete from api_key_audit_log; delete from api_key_audit_heads')).toMatchObject({
      valid: false,
      rows: 0,
      firstBroken: 1,
    })
  })

  it('shows a head that was set back, and a log that was set back as a whole to whoever kept an anchor', async () => {
    const { head } = await log.verify()
    const anchor = { seq: head?.seq ?? 0, hash: Buffer.from(head?.hash ?? '', 'hex') }
    const { last_seq, hash, signature } = earlier
    const headOnly = `update api_key_audit_heads set last_seq = ${last_seq}, followed_by = null,
      hash = '\\x${hash.toString('hex')}', signature = '\\x${signature.toString('hex')}' where day = '2026-01-06'`
    expect(await log.verifyAfter(headOnly)).toMatchObject({ valid: false, firstBroken: 11 })
    const setBack = `${headOnly}; delete from api_key_audit_log where seq > 10;
      delete from api_key_audit_heads where first_seq > 10`
    expect(await log.verifyAfter(setBack)).toMatchObject({ valid: true, rows: 10 })
    expect(await log.verifyAfter(setBack, anchor)).toMatchObject({ valid: false, firstBroken: 11 })
    expect(await log.verify(undefined, anchor)).toMatchObject({ valid: true })
    const other = { seq: 8, hash: randomBytes(32) }
    expect(await log.verify(undefined, other)).toMatchObject({ valid: false, firstBroken: 8 })
  })

  it('shows a row that was put in: in between, at the end, and in a day of its own', async () => {
    const between = `update api_key_audit_log set seq = seq + 1000 where seq > 9;
      update api_key_audit_log set seq = seq - 999 where seq > 1000; ${forge('10', 'at').replace('seq = 10', 'seq = 9')}`
    expect(await log.verifyAfter(between)).toMatchObject({ valid: false, firstBroken: 10 })
    expect(await log.verifyAfter(forge('16', `'2026-01-08T23:00:00Z'`))).toMatchObject({
      valid: false,
      firstBroken: 16,
    })
    expect(
      await log.verifyAfter(`select momentry_audit_day('2026-01-09'); ${forge('16', `'2026-01-09T00:00:00Z'`)}`),
    ).toMatchObject({ valid: false, firstBroken: 16, reason: 'no signed head knows the day of this row' })
  })

  it('shows a row that stands beside another of its number, and one in a partition that holds more than its day', async () => {
    const beside = (seq: number) => `insert into api_key_audit_log select seq, at + interval '1 ms', action, key_id,
      actor_key_id, address, request_id, reason, before, after, previous_hash, hash from api_key_audit_log where seq = ${seq}`
    expect(await log.verifyAfter(beside(8))).toMatchObject({ valid: false, firstBroken: 9 })
    expect(await log.verifyAfter(beside(15))).toMatchObject({ valid: false, firstBroken: 16 })
    const wider = `alter table api_key_audit_log detach partition api_key_audit_log_20260105;
      alter table api_key_audit_log attach partition api_key_audit_log_20260105
      for values from ('2026-01-04T00:00:00Z') to ('2026-01-06T00:00:00Z')`
    expect(await log.verifyAfter(`${wider}; ${forge('0', `'2026-01-04T23:00:00Z'`)}`)).toMatchObject({
      valid: false,
      firstBroken: 0,
    })
  })

  it('shows rows that changed places', async () => {
    const swap = `${set(12, 'seq = -1')}; ${set(14, 'seq = 12')}; ${set(-1, 'seq = 14')}`
    expect(await log.verifyAfter(swap)).toMatchObject({ valid: false, firstBroken: 12 })
  })

  it('shows a row that was changed with the whole chain after it written anew', async () => {
    const rewrite = `${set(15, `reason = 'none', hash = sha256('forged')`)};
      update api_key_audit_heads set hash = sha256('forged') where last_seq = 15`
    expect(await log.verifyAfter(rewrite)).toMatchObject({ valid: false })
    const back = `delete from api_key_audit_log where seq > 13; update api_key_audit_heads
      set last_seq = 13, hash = (select hash from api_key_audit_log where seq = 13) where last_seq = 15`
    expect(await log.verifyAfter(back)).toMatchObject({
      valid: false,
      firstBroken: 11,
      reason: 'no key of ours signed the head of 2026-01-08',
    })
    expect(await log.verifyAfter('update api_key_audit_heads set signature = null')).toMatchObject({ valid: false })
  })
})

describe('a database role that is no superuser', () => {
  it.each([
    'update api_key_audit_log set reason = null where seq = 3',
    'delete from api_key_audit_log where seq = 3',
    'truncate api_key_audit_log',
    'update api_key_audit_log_20260105 set reason = null',
    'delete from api_key_audit_log_20260105',
    'truncate api_key_audit_log_20260105',
    'delete from api_key_audit_heads',
    'truncate api_key_audit_heads',
    `update api_key_audit_heads set hash = sha256('x')`,
    'update api_key_audit_heads set last_seq = last_seq - 1',
  ])('cannot %s', async (statement) => {
    await expect(log.postgres.pool.query(statement)).rejects.toMatchObject({ code: '42501' })
  })
})

describe('the owner of the tables, who can give itself every right', () => {
  it.each([
    'update api_key_audit_log set reason = null where seq = 3',
    'delete from api_key_audit_log where seq = 3',
    'truncate api_key_audit_log',
    'truncate api_key_audit_log_20260105',
    'delete from api_key_audit_heads',
    'update api_key_audit_heads set signature = null',
    `update api_key_audit_heads set followed_by = null where day = '2026-01-05'`,
    `update api_key_audit_heads set last_seq = last_seq + 1 where day = '2026-01-05'`,
  ])('still cannot %s', async (statement) => {
    const given = `grant all on api_key_audit_log, api_key_audit_log_20260105, api_key_audit_heads to current_user`
    await expect(log.postgres.pool.query(`${given}; ${statement}`)).rejects.toMatchObject({
      message: expect.stringMatching(/audit log is never changed|only moves forward/),
    })
  })
})

describe('a log that goes on after somebody moved its head', () => {
  it('says for ever from which row on nothing is proved', async () => {
    const stranger = createSigner([randomBytes(32).toString('base64')], auditPurpose)
    log.setTime('2026-01-08T10:00:00Z')
    await log.append(1, stranger)
    await log.append(2)
    const broken = { valid: false, firstBroken: 16 }
    expect(await log.verify()).toMatchObject(broken)
    log.setTime('2026-01-10T10:00:00Z')
    await log.append(1)
    expect(await log.verify()).toMatchObject(broken)
  })

  it('can be checked from a later day on', async () => {
    const from = (day: string) => verifyAudit(log.postgres.db, { signer: log.signer, from: day })
    expect(await from('2026-01-08')).toMatchObject({ valid: false, firstBroken: 16 })
    expect(await from('2026-01-09')).toMatchObject({ valid: true, rows: 1, head: { seq: 19 } })
  })

  it('never goes back to a day that is over, whatever the clock says', async () => {
    log.setTime('2026-01-02T00:00:00Z')
    await log.append(1)
    const { rows } = await log.postgres.pool.query('select at from api_key_audit_log order by seq desc limit 1')
    expect(rows[0].at.toISOString()).toBe('2026-01-10T00:00:00.000Z')
  })
})

describe('a log that goes on after somebody took its newest day away', () => {
  it('does not begin that day anew as if nothing had been', async () => {
    await log.tamper(`delete from api_key_audit_log where at >= '2026-01-10T00:00:00Z';
      delete from api_key_audit_heads where day = '2026-01-10'`)
    const from = '2026-01-08'
    log.setTime('2026-01-08T23:00:00Z')
    await log.append(1)
    const { rows } = await log.postgres.pool.query(
      'select day, broken_seq::int from api_key_audit_heads order by day desc',
    )
    expect(rows[0]).toEqual({ day: expect.anything(), broken_seq: 19 })
    expect(await verifyAudit(log.postgres.db, { signer: log.signer, from })).toMatchObject({ valid: false })
  })
})

describe('a log whose newest head somebody closed', () => {
  it('still takes rows, which a revoke needs, and not in the far future', async () => {
    const closed = await createTestLog()
    try {
      closed.setTime('2026-01-05T12:00:00Z')
      await closed.append(1)
      await closed.tamper(`update api_key_audit_heads set followed_by = '9999-12-31'`)
      await closed.append(1)
      const { rows } = await closed.postgres.pool.query('select at, seq::int from api_key_audit_log order by seq')
      expect(rows.at(-1)).toEqual({ at: new Date('2026-01-06T00:00:00Z'), seq: 2 })
      expect(await closed.verify()).toMatchObject({ valid: false, firstBroken: 1 })
    } finally {
      await closed.close()
    }
  })
})

describe('a log from before days were signed', () => {
  it('is signed by the first append as it is found, and says so for ever', async () => {
    const old = await createTestLog()
    try {
      for (const time of ['2026-01-05T12:00:00Z', '2026-01-06T12:00:00Z']) {
        old.setTime(time)
        await old.append(2)
      }
      // As the migration leaves it.
      await old.tamper('update api_key_audit_heads set signature = null, signature_key_id = null')
      expect(await old.verify()).toMatchObject({ valid: false, firstBroken: 1 })
      old.setTime('2026-02-01T12:00:00Z')
      await old.append(1)
      const adopted = { lastSeq: 4, at: expect.stringMatching(/^2026-02-01T12:00/) }
      expect(await old.verify()).toMatchObject({ valid: true, rows: 5, adopted })
      await old.tamper(`update api_key_audit_heads set signature = null where day = '2026-01-06'`)
      await old.append(1)
      expect(await old.verify()).toMatchObject({ valid: false, firstBroken: 3 })
    } finally {
      await old.close()
    }
  })
})
