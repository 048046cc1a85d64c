import { type AuditContent, chainHash, emptyChain } from '@momentry/shared/audit/chain.ts'
import { dayAfter } from '@momentry/shared/audit/day.ts'
import { type HeadContent, signHead } from '@momentry/shared/audit/head.ts'
import { apiKeyAuditHeads } from '@momentry/shared/audit/table.ts'
import { createId } from '@momentry/shared/platform/id.ts'
import type { Postgres } from '@momentry/shared/platform/postgres/client.ts'
import type { Signer } from '@momentry/shared/platform/sign.ts'

/** Rows that one statement writes. */
const batchSize = 5_000

/** Fills an empty log as so many appends would, but fast: days from 2020 on, with so many rows each. */
export async function fillLog(
  { pool, db }: Postgres,
  signer: Signer,
  { days, rowsPerDay }: { days: number; rowsPerDay: number },
): Promise<void> {
  const [keyId, actorKeyId] = [createId(), createId()]
  let { seq, hash } = emptyChain
  let day = '2020-01-01'
  for (let nth = 0; nth < days; nth += 1, day = dayAfter(day)) {
    await pool.query('select momentry_audit_day($1)', [day])
    const start = { firstSeq: seq + 1, previousHash: hash }
    for (let done = 0; done < rowsPerDay; ) {
      const batch: (AuditContent & { previousHash: string; hash: string })[] = []
      for (; batch.length < batchSize && done < rowsPerDay; done += 1) {
        const previousHash = hash
        seq += 1
        const content = contentOf({ seq, day, keyId, actorKeyId })
        hash = chainHash(previousHash, content)
        batch.push({ ...content, previousHash: previousHash.toString('hex'), hash: hash.toString('hex') })
      }
      await pool.query(insertRows, [JSON.stringify(batch)])
    }
    const isLast = nth === days - 1
    const head: HeadContent = {
      ...{ day, ...start, lastSeq: seq, hash, brokenSeq: null, adoptedAt: null, prunedAt: null },
      followedBy: isLast ? null : dayAfter(day),
    }
    await db.insert(apiKeyAuditHeads).values({ ...head, ...signHead(signer, head) })
  }
}

interface Place {
  seq: number
  day: string
  keyId: string
  actorKeyId: string
}

function contentOf({ seq, day, keyId, actorKeyId }: Place): AuditContent {
  return {
    seq,
    at: `${day}T12:00:00.000000Z`,
    action: 'key.updated',
    keyId,
    actorKeyId,
    address: '2001:db8::7/128',
    requestId: `019a2b3c-0000-7000-8000-${String(seq).padStart(12, '0')}`,
    reason: 'because',
    before: { name: 'a', scopes: ['keys:read'], expiresAt: null },
    after: { name: 'b', scopes: ['keys:read', 'keys:write'], expiresAt: '2030-01-01T00:00:00.000Z' },
  }
}

const insertRows = `insert into api_key_audit_log
  select seq, at, action, "keyId", "actorKeyId", address, "requestId", reason, before, after,
    decode("previousHash", 'hex'), decode(hash, 'hex')
  from jsonb_to_recordset($1::jsonb) as row (seq bigint, at timestamptz, action text, "keyId" uuid, "actorKeyId" uuid,
    address inet, "requestId" text, reason text, before jsonb, after jsonb, "previousHash" text, hash text)`
