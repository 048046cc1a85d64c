import { describe, expect, it } from 'vitest'
import { createKeptStates } from './kept-states.ts'

const state = (length: number) => ({ text: '0'.repeat(length), dueAt: undefined })

describe('states that are kept', () => {
  it('are those used last, as many as there is room for', () => {
    const kept = createKeptStates(20_000)
    for (let n = 0; n < 1000; n += 1) {
      kept.set('busy', state(700))
      kept.set(`key ${n}`, state(700))
    }
    const ids = Array.from({ length: 1000 }, (_, n) => `key ${n}`).filter((id) => kept.get(id) !== undefined)
    // 1,000 bytes each; at least one half of them is full but for one, at the most both are.
    expect(ids.length).toBeGreaterThanOrEqual(8)
    expect(ids.length).toBeLessThanOrEqual(20)
    expect(ids.at(-1)).toBe('key 999')
    expect(kept.get('busy')).toBeDefined()
  })

  it('count once, however often one of them changes', () => {
    const kept = createKeptStates(20_000)
    kept.set('quiet', state(700))
    for (let n = 0; n < 1000; n += 1) kept.set('busy', state(n % 700))
    expect(kept.get('quiet')).toBeDefined()
  })

  it('are forgotten all at once', () => {
    const kept = createKeptStates(20_000)
    kept.set('key', state(1))
    kept.forgetAll()
    expect(kept.get('key')).toBeUndefined()
  })
})
