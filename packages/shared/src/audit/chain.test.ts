import { hash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ChainedRow, canonicalJson, chainHash, emptyChain, followChain } from './chain.ts'

function chain(length: number): ChainedRow[] {
  const rows: ChainedRow[] = []
  for (let seq = 1; seq <= length; seq++) {
    const previousHash = rows.at(-1)?.hash ?? emptyChain.hash
    const content = {
      seq,
      at: '2026-01-01T00:00:00.000000Z',
      action: 'key.updated',
      keyId: null,
      actorKeyId: null,
      address: '::1',
      requestId: `r${seq}`,
      reason: null,
      before: { name: 'a' },
      after: { name: 'b', n: seq },
    }
    rows.push({ ...content, previousHash, hash: chainHash(previousHash, content) })
  }
  return rows
}

const broken = (rows: ChainedRow[]) => followChain(emptyChain, rows).broken?.seq

describe('chainHash', () => {
  it('covers the row as canonical JSON', () => {
    const nullable = fc.option(fc.string())
    const content = fc.record({
      ...{ seq: fc.nat(), at: fc.string(), action: fc.string(), requestId: fc.string(), reason: nullable },
      ...{ keyId: nullable, actorKeyId: nullable, address: nullable, before: fc.jsonValue(), after: fc.jsonValue() },
    })
    fc.assert(
      fc.property(content, (row) => {
        const covered = Buffer.concat([emptyChain.hash, Buffer.from(canonicalJson(row))])
        expect(chainHash(emptyChain.hash, row)).toEqual(hash('sha256', covered, 'buffer'))
      }),
    )
  })
})

describe('followChain', () => {
  it('follows a whole chain, in one piece or in two', () => {
    const rows = chain(10)
    expect(broken(rows)).toBeUndefined()
    const first = followChain(emptyChain, rows.slice(0, 4))
    expect(first.head.seq).toBe(4)
    expect(followChain(first.head, rows.slice(4))).toEqual({ head: { seq: 10, hash: rows.at(-1)?.hash } })
  })

  it.each<[string, Partial<ChainedRow>]>([
    ['at', { at: '2026-01-01T00:00:00.000001Z' }],
    ['action', { action: 'key.revoked' }],
    ['keyId', { keyId: 'x' }],
    ['actorKeyId', { actorKeyId: 'x' }],
    ['address', { address: null }],
    ['requestId', { requestId: 'x' }],
    ['reason', { reason: 'x' }],
    ['before', { before: null }],
    ['after', { after: { name: 'b', n: 4 } }],
    ['hash', { hash: Buffer.alloc(32) }],
    ['previousHash', { previousHash: Buffer.alloc(32, 1) }],
  ])('finds a change of %s', (_, change) => {
    expect(broken(chain(9).map((row) => (row.seq === 5 ? { ...row, ...change } : row)))).toBe(5)
  })

  it('finds a row that is gone, one that was put in, and two that changed places', () => {
    const rows = chain(9)
    expect(broken(rows.filter((row) => row.seq !== 1))).toBe(1)
    expect(broken(rows.filter((row) => row.seq !== 6))).toBe(6)
    const inserted = rows.flatMap((row) => (row.seq < 4 ? [row] : [{ ...row, seq: row.seq + 1 }]))
    inserted.splice(3, 0, { ...chain(4)[3], seq: 4, action: 'forged' } as ChainedRow)
    expect(broken(inserted)).toBe(4)
    const swapped = rows.map((row) => ({ ...row, seq: row.seq === 3 ? 7 : row.seq === 7 ? 3 : row.seq }))
    expect(broken(swapped.sort((a, b) => a.seq - b.seq))).toBe(3)
  })

  it('finds a row that was changed together with its own hash, at the row after it', () => {
    const rows = chain(9).map((row) => {
      if (row.seq !== 5) return row
      const changed = { ...row, reason: 'nothing to see' }
      return { ...changed, hash: chainHash(row.previousHash, changed) }
    })
    expect(broken(rows)).toBe(6)
  })
})

describe('canonicalJson', () => {
  it('does not depend on the order of names, at any depth, and keeps every value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value)
        expect(canonicalJson(reversed(value))).toBe(text)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })
})

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, inner]) => [name, reversed(inner)] as const)
      .reverse(),
  )
}
