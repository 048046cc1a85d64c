import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import type { Workbench } from '../../../support/workbench.ts'
import type { Asker } from '../load/ask.ts'
import type { Held, HeldKey } from '../load/holder.ts'
import type { Sheet } from './sheet.ts'

/** Statements that find what must not be; each row is one find, told by its first column. */
const contradictions = {
  'keys without exactly one current secret': `
    SELECT k.id FROM api_keys k LEFT JOIN api_key_secrets s ON s.key_id = k.id AND s.superseded_at IS NULL
    GROUP BY k.id HAVING count(s.key_id) <> (k.id IN (SELECT key_id FROM api_key_secrets))::int`,
  'keys whose versions do not follow one another': `
    SELECT k.id FROM api_keys k JOIN api_key_secrets s ON s.key_id = k.id
    GROUP BY k.id HAVING count(*) <> k.secret_version OR max(s.version) <> k.secret_version`,
  'completed rotations without exactly one successor': `
    SELECT r.id FROM api_key_rotations r LEFT JOIN api_key_secrets s ON s.rotation_id = r.id
    WHERE r.state = 'completed' GROUP BY r.id HAVING count(s.version) <> 1 OR max(s.version) <> max(r.to_version)`,
  'successors without a completed rotation': `
    SELECT s.key_id FROM api_key_secrets s LEFT JOIN api_key_rotations r ON r.id = s.rotation_id AND r.state = 'completed'
    WHERE s.version > 1 AND r.id IS NULL`,
  'rotations that neither completed nor were cancelled': `
    SELECT id || ' ' || state || ' ' || coalesce(error, '') FROM api_key_rotations WHERE state NOT IN ('completed', 'cancelled')`,
  'successors in escrow of keys that have moved on': `
    SELECT e.rotation_id FROM api_key_escrow e JOIN api_key_rotations r ON r.id = e.rotation_id
    JOIN api_keys k ON k.id = r.key_id WHERE k.secret_version <> r.to_version`,
}

const textRows = z.array(z.array(z.string()))
const verdict = z.looseObject({ code: z.string() })
const auditVerdict = z.looseObject({ valid: z.boolean(), rows: z.int() })

export interface CheckKeysDeps {
  sheet: Sheet
  bench: Workbench
  asker: Asker
  apiUrls: () => readonly string[]
  operator: string
}

/** One successor per rotation, one current secret per key; what was revoked is refused by every api; the audit log is whole. */
export async function checkKeys({ sheet, bench, asker, apiUrls, operator }: CheckKeysDeps, held: Held): Promise<void> {
  sheet.none('wrong verdicts while things broke', held.wrong)
  for (const [what, text] of Object.entries(contradictions)) {
    const { rows } = await bench.postgres.pool.query({ text, rowMode: 'array' })
    sheet.none(
      what,
      textRows.parse(rows).map(([first = '']) => first),
    )
  }
  sheet.equal('keys that holders made', held.keys.length, await countRows(bench, `name LIKE 'held-%'`))
  const asked = new Set(held.keys.flatMap(({ rotations }) => [...rotations]))
  sheet.equal('completed rotations', asked.size, await countCompleted(bench, [...asked]))

  const codeOf = async (url: string, key: string) => {
    const question = { path: '/v1/keys/validate', key: operator, body: { key, recordUsage: false } }
    const reply = await asker.once(url, question)
    return reply?.status === 200 ? verdict.parse(reply.body).code : 'no answer'
  }
  for (const [index, url] of apiUrls().entries())
    sheet.none(`secrets that api ${index + 1} judges wrongly`, await findWrong(held.keys, (key) => codeOf(url, key)))

  const { body } = await asker.insist({ method: 'GET', path: '/v1/audit/verify', key: operator })
  const { valid, rows } = auditVerdict.parse(body)
  sheet.equal('the audit chain is whole', 'true', String(valid))
  sheet.equal('keys created, by the audit log', await countRows(bench, 'true'), await countAudit(bench, 'key.created'))
  sheet.equal('keys rotated, by the audit log', asked.size, await countAudit(bench, 'key.rotated'))
  sheet.equal('rows of the audit log that are in order', await countAudit(bench, '%'), rows)
}

const triesOfVerdict = 50
const againMs = 200

/** A secret that a clock set wrong superseded in the future is dead once that is over; so each is asked about for a while. */
async function findWrong(keys: readonly HeldKey[], codeOf: (secret: string) => Promise<string>): Promise<string[]> {
  const wrong: string[] = []
  for (const key of keys) {
    const expected = key.revokedAt === undefined ? 'VALID' : 'REVOKED'
    const found = await settled(
      () => codeOf(key.secret),
      (code) => code === expected,
    )
    if (found !== expected) wrong.push(`${key.id} is ${found} and not ${expected}`)
    for (const dead of key.dead) {
      const code = await settled(
        () => codeOf(dead),
        (each) => each === 'ROTATED' || each === 'REVOKED',
      )
      if (code !== 'ROTATED' && code !== 'REVOKED') wrong.push(`a dead secret of ${key.id} is ${code}`)
    }
  }
  return wrong
}

async function settled(ask: () => Promise<string>, isRight: (code: string) => boolean): Promise<string> {
  let code = await ask()
  for (let tries = 1; tries < triesOfVerdict && !isRight(code); tries += 1) {
    await pause(againMs)
    code = await ask()
  }
  return code
}

const counted = z.array(z.object({ count: z.int() }))

async function count({ postgres }: Workbench, text: string, values: readonly unknown[]): Promise<number> {
  const { rows } = await postgres.pool.query(`SELECT count(*)::int AS count FROM ${text}`, [...values])
  return counted.parse(rows)[0]?.count ?? 0
}

function countRows(bench: Workbench, condition: string): Promise<number> {
  return count(bench, `api_keys WHERE ${condition} AND id IN (SELECT key_id FROM api_key_secrets)`, [])
}

function countCompleted(bench: Workbench, ids: readonly string[]): Promise<number> {
  return count(bench, `api_key_rotations WHERE id = ANY($1::uuid[]) AND state = 'completed'`, [ids])
}

function countAudit(bench: Workbench, action: string): Promise<number> {
  return count(bench, 'api_key_audit_log WHERE action LIKE $1', [action])
}
