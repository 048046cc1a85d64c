import type { Signature } from '../platform/sign.ts'
import { type BrokenRow, type ChainedRow, type ChainHead, emptyChain, followChain } from './chain.ts'
import { isSigned, type StoredHead } from './head.ts'

/** A day of a log, wherever that comes from. */
export interface LogDay {
  head: StoredHead
  /** Its rows in the order of their numbers, some at a time; asked for once, before the next day is. */
  rows(): AsyncIterable<readonly ChainedRow[]>
}

/** What somebody knows of the log from an earlier look at it. */
export interface Anchor {
  seq: number
  /** Of that row. */
  hash: Buffer
}

export interface WalkOptions {
  verify(text: string, signature: Signature): boolean
  /** The log is a piece of a longer one: its first head is taken for where it begins. */
  isPiece?: boolean
  anchor?: Anchor | undefined
}

export interface Walked {
  /** Rows that were found in order. */
  rows: number
  broken?: BrokenRow
}

/**
 * Walks through a log from its first row to its last: each row must follow the one before it, and each day must end where
 * its signed head says.
 */
export async function walkLog(days: Iterable<LogDay> | AsyncIterable<LogDay>, options: WalkOptions): Promise<Walked> {
  let rows = 0
  let at: ChainHead | undefined
  for await (const { head, rows: rowsOf } of days) {
    at ??= options.isPiece ? { seq: head.firstSeq - 1, hash: head.previousHash } : emptyChain
    const problem = judgeHead(head, at, options)
    if (problem) return { rows, broken: problem }
    if (head.prunedAt === null) {
      const walked = await walkDay(at, rowsOf(), options.anchor)
      rows += walked.at.seq - at.seq
      at = walked.at
      const broken = walked.broken ?? judgeEnd(head, at)
      if (broken) return { rows, broken }
    }
    at = { seq: head.lastSeq, hash: head.hash }
  }
  const { seq } = at ?? emptyChain
  if (options.anchor === undefined || options.anchor.seq <= seq) return { rows }
  return { rows, broken: { seq: seq + 1, reason: 'this row is missing: the anchor knows of later ones' } }
}

async function walkDay(
  start: ChainHead,
  pages: AsyncIterable<readonly ChainedRow[]>,
  anchor: Anchor | undefined,
): Promise<{ at: ChainHead; broken?: BrokenRow }> {
  let at = start
  for await (const page of pages) {
    const { head, broken } = followChain(at, page)
    at = head
    if (broken) return { at, broken }
    const known = anchor && page.find(({ seq }) => seq === anchor.seq)
    if (known && !known.hash.equals(anchor.hash))
      return { at, broken: { seq: known.seq, reason: 'this row is not the one that the anchor knows' } }
  }
  return { at }
}

function judgeHead(head: StoredHead, at: ChainHead, { verify }: WalkOptions): BrokenRow | undefined {
  if (head.firstSeq !== at.seq + 1 || !head.previousHash.equals(at.hash))
    return { seq: at.seq + 1, reason: `the signed head of its day is missing: the next one is of ${head.day}` }
  if (!isSigned(head, verify)) return { seq: head.firstSeq, reason: `no key of ours signed the head of ${head.day}` }
  return undefined
}

function judgeEnd(head: StoredHead, at: ChainHead): BrokenRow | undefined {
  if (at.seq < head.lastSeq) return { seq: at.seq + 1, reason: 'this row is missing' }
  if (at.seq > head.lastSeq)
    return { seq: head.lastSeq + 1, reason: `the signed head of ${head.day} does not know this row` }
  if (!at.hash.equals(head.hash))
    return { seq: head.lastSeq, reason: `the signed head of ${head.day} knows another row of this number` }
  if (head.brokenSeq !== null)
    return { seq: head.brokenSeq, reason: 'what came before this row was signed by no key of ours when it was written' }
  return undefined
}
