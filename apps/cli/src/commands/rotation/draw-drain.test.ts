import { describe, expect, it } from 'vitest'
import { drawDrain } from './draw-drain.ts'

const now = Date.UTC(2026, 0, 31, 12)
const unused = { requests: 0, refused: 0, lastUsedAt: null, lastAddress: null, addresses: [] }

describe('drawDrain', () => {
  it('draws the old and the new secret, and tells the last use of the old one', () => {
    const old = {
      ...{ version: 1, requests: 30, refused: 4, addresses: [] },
      ...{ lastUsedAt: '2026-01-31T11:55:00.000Z', lastAddress: '192.0.2.7' },
    }
    expect(drawDrain({ old, new: { ...unused, version: 2, requests: 90 } }, 62, now)).toEqual([
      '75 % of 120 requests since the rotation came with the new secret',
      'old secret (version 1)  30  ████  4 refused',
      'new secret (version 2)  90  ████████████',
      'The old secret was last used at 2026-01-31T11:55:00.000Z (5m ago) from 192.0.2.7.',
    ])
  })

  it('does not say 100 % while the old one is in use', () => {
    const old = { ...unused, version: 1, requests: 1, lastUsedAt: '2026-01-31T12:00:00.000Z' }
    expect(drawDrain({ old, new: { ...unused, version: 2, requests: 9999 } }, 62, now)[0]).toMatch(/^99 %/)
  })

  it('says what was not used', () => {
    expect(drawDrain({ old: { ...unused, version: 1 }, new: { ...unused, version: 2 } }, 62, now)).toEqual([
      'Neither secret was used since the rotation.',
    ])
    const lines = drawDrain({ old: { ...unused, version: 1 }, new: { ...unused, version: 2, requests: 5 } }, 62, now)
    expect(lines.at(-1)).toBe('The old secret was not used since the rotation.')
  })
})
