import type { Signature } from '../platform/sign.ts'
import { type BrokenRow, type ChainedRow, type ChainHead, followChain } from './chain.ts'
import { isSigned, type StoredHead } from './head.ts'

/** A day of a log, wherever that comes from. */
export interface LogDay {
  head: StoredHead
  /** Its rows in the order of their numbers, some at a time; asked for once, and not where they were dropped as old. */
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
  /** Where the log begins; undefined: wherever its first head says. */
  start: ChainHead | undefined
  anchor?: Anchor | undefined
}

/** How far a walk has come. */
export interface Walked {
  /** Rows that were found in order. */
  rows: number
  /** Of the newest day that ends as it should. */
  head: StoredHead | undefined
  /** Of the newest day that was signed only later, as it was found then. */
  adopted: StoredHead | undefined
  /** Whether the row that the anchor knows was found. */
  isAnchored: boolean
}

export interface Walk {
  /** Checks the next day: it must follow the one before, and end where its signed head says. @returns what does not */
  follow(day: LogDay): Promise<BrokenRow | undefined>
  /** Checks that nothing is cut off behind the last day. @param isPiece the log went on when this piece was cut out */
  end(options?: { isPiece: boolean }): BrokenRow | undefined
  walked(): Readonly<Walked>
}

/** Walks through a log from its first row to its last, a day at a time. */
export function createWalk({ verify, start, anchor }: WalkOptions): Walk {
  const walked: Walked = { rows: 0, head: undefined, adopted: undefined, isAnchored: false }
  let at = start
  return {
    walked: () => walked,
    async follow(day) {
      const { head } = day
      const broken = await judgeDay(day, at ?? { seq: head.firstSeq - 1, hash: head.previousHash })
      if (broken) return broken
      at = { seq: head.lastSeq, hash: head.hash }
      walked.head = head
      if (head.adoptedAt !== null) walked.adopted = head
      return undefined
    },
    end({ isPiece } = { isPiece: false }) {
      const { head } = walked
      const seq = (at?.seq ?? 0) + 1
      if (!isPiece && head?.followedBy)
        return { seq, reason: `this row is missing: the head of ${head.day} says that ${head.followedBy} follows` }
      if (anchor && anchor.seq >= seq) return { seq, reason: 'this row is missing: the anchor knows of later ones' }
      return undefined
    },
  }

  async function judgeDay({ head, rows }: LogDay, from: ChainHead): Promise<BrokenRow | undefined> {
    const misplaced = judgePlace(head, from, walked.head)
    if (misplaced) return misplaced
    if (!isSigned(head, verify)) return { seq: head.firstSeq, reason: `no key of ours signed the head of ${head.day}` }
    if (head.prunedAt === null) {
      const broken = await followRows(head, from, rows())
      if (broken) return broken
    }
    if (head.brokenSeq !== null) return { seq: head.brokenSeq, reason: 'what came before this row is not proved' }
    return judgeAnchor({ seq: head.lastSeq, hash: head.hash })
  }

  async function followRows(
    head: StoredHead,
    from: ChainHead,
    pages: AsyncIterable<readonly ChainedRow[]>,
  ): Promise<BrokenRow | undefined> {
    let last = from
    for await (const page of pages) {
      const { head: reached, broken } = followChain(last, page)
      walked.rows += reached.seq - last.seq
      last = reached
      if (broken) return broken
      const known = anchor && page.find(({ seq }) => seq === anchor.seq)
      const forgotten = known && judgeAnchor(known)
      if (forgotten) return forgotten
    }
    return judgeEnd(head, last)
  }

  function judgeAnchor({ seq, hash }: ChainHead): BrokenRow | undefined {
    if (seq !== anchor?.seq) return undefined
    if (!hash.equals(anchor.hash)) return { seq, reason: 'this row is not the one that the anchor knows' }
    walked.isAnchored = true
    return undefined
  }
}

function judgePlace(head: StoredHead, from: ChainHead, before: StoredHead | undefined): BrokenRow | undefined {
  if (head.firstSeq !== from.seq + 1 || !head.previousHash.equals(from.hash))
    return { seq: from.seq + 1, reason: `the signed head of its day is missing: the next one is of ${head.day}` }
  if (before && before.followedBy !== head.day)
    return {
      seq: head.firstSeq,
      reason: `the head of ${before.day} says that ${before.followedBy ?? 'no day'} follows, but it is ${head.day}`,
    }
  return undefined
}

function judgeEnd(head: StoredHead, last: ChainHead): BrokenRow | undefined {
  if (last.seq < head.lastSeq) return { seq: last.seq + 1, reason: 'this row is missing' }
  if (last.seq > head.lastSeq)
    return { seq: head.lastSeq + 1, reason: `the signed head of ${head.day} does not know this row` }
  if (!last.hash.equals(head.hash))
    return { seq: head.lastSeq, reason: `the signed head of ${head.day} knows another row of this number` }
  return undefined
}
