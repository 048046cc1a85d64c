import { describe, expect, it } from 'vitest'
import { createBell } from './bell.ts'

const { signal } = new AbortController()

describe('createBell', () => {
  it('ends a wait at a ring, also at one that came before', async () => {
    const bell = createBell()
    const waiting = bell.wait(60_000, signal)
    bell.ring()
    await waiting
    bell.ring()
    await bell.wait(60_000, signal)
  })

  it('ends a wait by itself, and each ring ends one', async () => {
    const bell = createBell()
    bell.ring()
    bell.ring()
    await bell.wait(60_000, signal)
    const startedAt = performance.now()
    await bell.wait(20, signal)
    expect(performance.now() - startedAt).toBeGreaterThan(15)
  })

  it('ends a wait when its signal aborts, and does not begin one after', async () => {
    const bell = createBell()
    const stop = new AbortController()
    const waiting = bell.wait(60_000, stop.signal)
    stop.abort()
    await waiting
    await bell.wait(60_000, stop.signal)
  })
})
