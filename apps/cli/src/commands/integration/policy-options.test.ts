import { InvalidArgumentError } from 'commander'
import { describe, expect, it } from 'vitest'
import { mergePolicy, parseHandOver, tellPolicy } from './policy-options.ts'

describe('parseHandOver', () => {
  it('reads the three ways', () => {
    expect(parseHandOver('claim')).toEqual({ type: 'claim' })
    expect(parseHandOver('hook:deploy')).toEqual({ type: 'hook', name: 'deploy' })
    expect(parseHandOver('webhook:https://a.example/b')).toEqual({ type: 'webhook', url: 'https://a.example/b' })
  })

  it.each(['', 'hook', 'hook:', 'mail:me'])('refuses %s', (text) => {
    expect(() => parseHandOver(text)).toThrow(InvalidArgumentError)
  })
})

describe('mergePolicy', () => {
  it('changes what was given, and nothing else', () => {
    const before = { intervalSeconds: 3600, graceSeconds: 60 }
    expect(mergePolicy(before, {})).toEqual(before)
    expect(mergePolicy(before, { rotateEvery: 'never' })).toEqual({ intervalSeconds: null, graceSeconds: 60 })
    expect(mergePolicy({}, { grace: 5, handOver: { type: 'claim' } })).toEqual({
      graceSeconds: 5,
      handOver: { type: 'claim' },
    })
  })
})

describe('tellPolicy', () => {
  it('tells what there is to tell', () => {
    expect(tellPolicy({})).toBeUndefined()
    expect(tellPolicy({ intervalSeconds: 2_592_000, graceSeconds: 7200, handOver: { type: 'hook', name: 'x' } })).toBe(
      'every 30d, grace 2h, hook x',
    )
  })
})
