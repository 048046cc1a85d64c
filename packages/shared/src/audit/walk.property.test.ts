import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createSigner } from '../platform/sign.ts'
import { type ChainedRow, chainHash, emptyChain } from './chain.ts'
import { dayAfter } from './day.ts'
import { type StoredHead, signHead } from './head.ts'
import { createWalk } from './walk.ts'

interface Day {
  head: StoredHead
  rows: ChainedRow[]
}

const signer = createSigner([Buffer.alloc(32, 1).toString('base64')], 'test')

/** A log with so many rows in each of its days. */
function makeLog(lengths: readonly number[]): Day[] {
  let { seq, hash } = emptyChain
  let day = '2026-01-01'
  return lengths.map((length, nth) => {
    const start = { firstSeq: seq + 1, previousHash: hash }
    const rows = Array.from({ length }, (): ChainedRow => {
      const previousHash = hash
      seq += 1
      const content = {
        seq,
        at: `${day}T12:00:00.000000Z`,
        action: 'key.updated',
        requestId: 'r',
        reason: null,
        ...nobody,
      }
      hash = chainHash(previousHash, content)
      return { ...content, previousHash, hash }
    })
    const next = nth === lengths.length - 1 ? null : dayAfter(day)
    const rest = { brokenSeq: null, adoptedAt: null, prunedAt: null }
    const content = { day, ...start, lastSeq: seq, hash, followedBy: next, ...rest }
    day = next ?? day
    return { head: { ...content, ...signHead(signer, content) }, rows }
  })
}
const nobody = { keyId: null, actorKeyId: null, address: null, before: null, after: null }

async function firstBroken(days: readonly Day[]): Promise<number | undefined> {
  const walk = createWalk({ verify: signer.verify, start: emptyChain })
  for (const { head, rows } of days) {
    const broken = await walk.follow({
      head,
      async *rows() {
        for (const row of rows) yield [row]
      },
    })
    if (broken) return broken.seq
  }
  return walk.end()?.seq
}

/** What somebody does to a log who has no master key; each takes any number, and says which row they touched first. */
const deeds: Record<string, (days: Day[], n: number) => number> = {
  change: (days, n) => {
    const { day, at, row } = pick(days, n)
    day.rows[at] = { ...row, reason: 'none' }
    return row.seq
  },
  'change, with the chain after it written anew': (days, n) => {
    const { row } = pick(days, n)
    let previousHash = row.previousHash
    for (const day of days)
      day.rows = day.rows.map((old) => {
        if (old.seq < row.seq) return old
        const changed = { ...old, previousHash, reason: old.seq === row.seq ? 'none' : old.reason }
        const hash = chainHash(previousHash, changed)
        previousHash = hash
        return { ...changed, hash }
      })
    return row.seq
  },
  delete: (days, n) => {
    const { day, at, row } = pick(days, n)
    day.rows.splice(at, 1)
    return row.seq
  },
  repeat: (days, n) => {
    const { day, at, row } = pick(days, n)
    day.rows.splice(at, 0, row)
    return row.seq + 1
  },
  swap: (days, n) => {
    const one = pick(days, n)
    const two = pick(days, n + 1)
    one.day.rows[one.at] = { ...two.row, seq: one.row.seq }
    two.day.rows[two.at] = { ...one.row, seq: two.row.seq }
    return Math.min(one.row.seq, two.row.seq)
  },
  'cut off': (days, n) => {
    const { day, at, row } = pick(days, n)
    day.rows.splice(at)
    return row.seq
  },
  'remove a day': (days, n) => days.splice(n % days.length, 1)[0]?.head.firstSeq ?? 0,
  'remove a head and give its rows to the next day': (days, n) => {
    const at = n % (days.length - 1)
    const [gone] = days.splice(at, 1)
    const next = days[at]
    if (gone && next) next.rows = [...gone.rows, ...next.rows]
    return gone?.head.firstSeq ?? 0
  },
  'sign a head with a key of their own': (days, n) => {
    const day = days[n % days.length]
    if (!day) return 0
    const stranger = createSigner([Buffer.alloc(32, 2).toString('base64')], 'test')
    day.head = { ...day.head, ...signHead(stranger, day.head), signatureKeyId: signer.publicKey.keyId }
    return day.head.firstSeq
  },
}

function pick(days: readonly Day[], n: number) {
  const places = days.flatMap((day) => day.rows.map((row, at) => ({ day, at, row })))
  const place = places[n % places.length]
  if (!place) throw new Error('there is no row')
  return place
}

const lengths = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 5 })

it('finds nothing wrong with a log that nobody touched', () =>
  fc.assert(
    fc.asyncProperty(lengths, async (each) => {
      expect(await firstBroken(makeLog(each))).toBeUndefined()
    }),
    { numRuns: 50 },
  ))

it.each(Object.entries(deeds))('finds where they %s', (_, deed) =>
  fc.assert(
    fc.asyncProperty(lengths, fc.nat(1_000), async (each, n) => {
      const days = makeLog(each)
      const touched = deed(days, n)
      const found = await firstBroken(days)
      expect(found).toBeDefined()
      // Never later than the row they touched, or the end of its day, which is what a head proves.
      const end = makeLog(each).find(({ head }) => head.lastSeq >= touched)?.head.lastSeq ?? Number.MAX_SAFE_INTEGER
      expect(found).toBeLessThanOrEqual(end)
    }),
    { numRuns: 50 },
  ),
)
