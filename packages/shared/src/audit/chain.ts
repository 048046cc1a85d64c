import { hash } from 'node:crypto'

/** What an audit row says, in the form that its hash covers. */
export interface AuditContent {
  seq: number
  /** RFC 3339 UTC with six decimals, which is all that Postgres keeps of a time. */
  at: string
  action: string
  keyId: string | null
  actorKeyId: string | null
  address: string | null
  requestId: string
  reason: string | null
  before: unknown
  after: unknown
}

export interface ChainedRow extends AuditContent {
  previousHash: Buffer
  hash: Buffer
}

/** Where a chain stands: what the next row must follow. */
export interface ChainHead {
  seq: number
  hash: Buffer
}

/** The head of an empty log: 32 zero bytes. */
export const emptyChain: ChainHead = { seq: 0, hash: Buffer.alloc(32) }

/** SHA-256 over the previous row's hash and this row's content as canonical JSON. */
export function chainHash(previousHash: Buffer, content: AuditContent): Buffer {
  return hash('sha256', Buffer.concat([previousHash, Buffer.from(contentText(content))]), 'buffer')
}

/** What `canonicalJson` gives for a row, in a fraction of the time, of which verifying needs most for this. */
function contentText(row: AuditContent): string {
  const text = JSON.stringify
  return `{"action":${text(row.action)},"actorKeyId":${text(row.actorKeyId)},"address":${text(row.address)},"after":${canonicalJson(row.after)},"at":${text(row.at)},"before":${canonicalJson(row.before)},"keyId":${text(row.keyId)},"reason":${text(row.reason)},"requestId":${text(row.requestId)},"seq":${text(row.seq)}}`
}

export interface BrokenRow {
  seq: number
  reason: string
}

/**
 * Checks rows that follow a head, in the order of their numbers.
 * @returns the new head, or the first number at which the log is not what was written
 */
export function followChain(head: ChainHead, rows: Iterable<ChainedRow>): { head: ChainHead; broken?: BrokenRow } {
  let last = head
  for (const row of rows) {
    const expected = last.seq + 1
    if (row.seq !== expected) return { head: last, broken: { seq: expected, reason: 'this row is missing' } }
    if (!row.previousHash.equals(last.hash))
      return { head: last, broken: { seq: row.seq, reason: 'this row does not follow the one before it' } }
    if (!row.hash.equals(chainHash(row.previousHash, row)))
      return { head: last, broken: { seq: row.seq, reason: 'this row was changed' } }
    last = { seq: row.seq, hash: row.hash }
  }
  return { head: last }
}

/** JSON with the names of each object in order, so that equal values give equal text. */
export function canonicalJson(value: unknown): string {
  if (value === null) return 'null'
  return JSON.stringify(value, (_, inner: unknown) => (isPlainObject(inner) ? sorted(inner) : inner))
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function sorted(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
