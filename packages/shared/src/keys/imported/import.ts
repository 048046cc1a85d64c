import type { z } from 'zod'
import { appendAudit } from '../../audit/append.ts'
import { type InputIssue, MomentryError } from '../../errors.ts'
import { type Context, type TransactionContext, withTransaction } from '../../platform/context.ts'
import { hideSecrets } from '../../platform/hide-secrets.ts'
import { inArray, sql } from '../../platform/postgres/query.ts'
import { recordChange } from '../changes/record.ts'
import { makeKeyRow } from '../new-row.ts'
import { apiKeySecrets, apiKeys } from '../table.ts'
import type { KeyRow } from '../view.ts'
import { type Imported, type ImportedKey, importedKeySchema } from './schemas.ts'

/** An arbitrary number that says, in this database, that somebody imports: nobody else may bring the same digest meanwhile. */
const importLockId = 7_160_395

interface Accepted {
  index: number
  row: KeyRow
  entry: ImportedKey
}

/**
 * Takes in keys that another system issued, so that their secrets validate unchanged: all that can be, in one transaction.
 * One whose secret is known already stays as it is, so an import can be run again.
 */
export function importKeys(
  context: Context,
  { keys, dryRun = false }: { keys: readonly Record<string, unknown>[]; dryRun?: boolean | undefined },
): Promise<Imported> {
  return withTransaction(context, async (tx) => {
    const outcome: Imported = { imported: [], existing: [], refused: [] }
    const accepted = keys.flatMap((input, index) => accept(tx, input, index, outcome))
    await tx.db.execute(sql`select pg_advisory_xact_lock(${importLockId})`)
    const known = await findKnown(tx, accepted)
    const seen = new Set<string>()
    const fresh = accepted.filter(({ index, entry }) => {
      const digest = entry.digest.toString('hex')
      const id = known.get(digest)
      if (id !== undefined) outcome.existing.push({ index, id })
      else if (seen.has(digest)) refuse(outcome, index, [{ pointer: '/digest', detail: 'comes twice in this request' }])
      else seen.add(digest)
      return id === undefined && !outcome.refused.some((refused) => refused.index === index)
    })
    outcome.imported = fresh.map(({ index, row }) => ({ index, id: row.id }))
    if (!dryRun) await insert(tx, fresh)
    return outcome
  })
}

function accept(tx: TransactionContext, input: unknown, index: number, outcome: Imported): Accepted[] {
  const parsed = importedKeySchema.safeParse(input)
  if (!parsed.success) {
    refuse(outcome, index, parsed.error.issues.map(toIssue))
    return []
  }
  const { digest: _, prefix: _prefix, hint: _hint, createdAt, ...key } = parsed.data
  try {
    return [{ index, entry: parsed.data, row: makeKeyRow(tx, key, createdAt?.getTime()) }]
  } catch (error) {
    if (!(error instanceof MomentryError)) throw error
    refuse(outcome, index, error.issues.length > 0 ? error.issues : [{ pointer: '', detail: error.message }])
    return []
  }
}

function toIssue({ path, message }: z.core.$ZodIssue): InputIssue {
  return { pointer: path.map((part) => `/${String(part)}`).join(''), detail: message }
}

function refuse(outcome: Imported, index: number, issues: readonly InputIssue[]): void {
  const errors = issues.map(({ pointer, detail }) => ({ pointer: hideSecrets(pointer), detail: hideSecrets(detail) }))
  outcome.refused.push({ index, errors })
}

async function findKnown(tx: TransactionContext, accepted: readonly Accepted[]): Promise<Map<string, string>> {
  if (accepted.length === 0) return new Map()
  const digests = accepted.map(({ entry }) => entry.digest)
  const { digest, keyId } = apiKeySecrets
  const rows = await tx.db.select({ digest, keyId }).from(apiKeySecrets).where(inArray(digest, digests))
  return new Map(rows.map((row) => [row.digest.toString('hex'), row.keyId]))
}

async function insert(tx: TransactionContext, fresh: readonly Accepted[]): Promise<void> {
  const [first] = fresh
  if (!first) return
  await tx.db.insert(apiKeys).values(fresh.map(({ row }) => row))
  await tx.db.insert(apiKeySecrets).values(
    fresh.map(({ row, entry }) => ({
      keyId: row.id,
      version: 1,
      digest: entry.digest,
      hint: entry.hint,
      importedPrefix: entry.prefix,
      // Its age counts from now: by a schedule, secrets that are years old would all be renewed at once.
      createdAt: row.updatedAt,
    })),
  )
  // Nobody has cached any of them; one message is enough for processes to look which prefixes there are.
  await recordChange(tx, first.row.id)
  await appendAudit(tx, {
    action: 'keys.imported',
    after: { count: fresh.length, keyIds: fresh.map(({ row }) => row.id) },
  })
}
