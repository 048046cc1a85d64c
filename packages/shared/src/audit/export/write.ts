import type { Clock } from '../../platform/clock.ts'
import type { Queryable } from '../../platform/postgres/client.ts'
import { and, asc, eq, gte, lte } from '../../platform/postgres/query.ts'
import type { Signer } from '../../platform/sign.ts'
import { isSigned, type StoredHead, signHead } from '../head.ts'
import { readDay } from '../read-day.ts'
import { apiKeyAuditHeads } from '../table.ts'
import { endText, type Intro, writeLine } from './format.ts'

export interface ExportRange {
  /** The first day, UTC; undefined: from the beginning. */
  from?: string | undefined
  /** The last day; undefined: to the end. */
  to?: string | undefined
}

export interface ExportDeps {
  db: Queryable
  signer: Signer
  now: Clock
}

/**
 * Gives an export of whole days, some lines at a time, as the log is at one moment: rows are never changed, so those that
 * the heads of that moment speak of are the same however long the reader takes, and nothing is held while it does.
 * @throws Error where a day is dropped as old while it is read; the export ends there, and its reader sees that
 */
export async function* exportAudit({ db, signer, now }: ExportDeps, range: ExportRange): AsyncGenerator<string> {
  const heads = await readHeads(db, range)
  const [first, last] = [heads[0], heads.at(-1)]
  const intro: Intro = {
    format: 'momentry-audit',
    version: 1,
    exportedAt: new Date(now()).toISOString(),
    from: range.from ?? null,
    to: range.to ?? null,
    start: first ? { seq: first.firstSeq - 1, hash: first.previousHash.toString('hex') } : null,
    publicKey: { ...signer.publicKey },
  }
  yield writeLine(intro)
  let rows = 0
  for (const head of heads) {
    yield writeLine({ head: signedNow(signer, head) })
    if (head.prunedAt !== null) continue
    let ofDay = 0
    for await (const page of readDay(db, head.day)) {
      // What came after the head was read is of a later moment.
      const known = page.filter(({ seq }) => seq <= head.lastSeq)
      ofDay += known.length
      yield known.map((row) => writeLine({ row })).join('')
    }
    if (ofDay === 0) await refuseDropped(db, head)
    rows += ofDay
  }
  const end = { rows, seq: last?.lastSeq ?? 0, hash: last?.hash.toString('hex') ?? '' }
  yield writeLine({ end: { ...end, signature: signer.sign(endText(intro, end)).bytes.toString('hex') } })
}

function readHeads(db: Queryable, { from, to }: ExportRange): Promise<StoredHead[]> {
  const { day } = apiKeyAuditHeads
  return db
    .select()
    .from(apiKeyAuditHeads)
    .where(and(from === undefined ? undefined : gte(day, from), to === undefined ? undefined : lte(day, to)))
    .orderBy(asc(day))
}

/** While one master key follows another, heads are signed by either: an export is signed by one, whatever is ours. */
function signedNow(signer: Signer, head: StoredHead): StoredHead {
  return isSigned(head, signer.verify) ? { ...head, ...signHead(signer, head) } : head
}

async function refuseDropped(db: Queryable, { day }: StoredHead): Promise<void> {
  const [head] = await db.select().from(apiKeyAuditHeads).where(eq(apiKeyAuditHeads.day, day))
  if (head && head.prunedAt !== null) throw new Error(`${day} was dropped from the audit log while it was exported`)
}
