import { expect, test } from 'vitest'
import { createGrowingCache } from './growing-cache.ts'

test('holds as many as it may, and drops what was used least lately', () => {
  const dropped: string[] = []
  const cache = createGrowingCache<string, number>(3, { dispose: (_, key, reason) => dropped.push(`${key} ${reason}`) })
  for (const [at, key] of ['a', 'b', 'c'].entries()) cache.set(key, at)
  cache.get('a')
  cache.set('d', 4)
  expect([...cache.keys()]).toEqual(['d', 'a', 'c'])
  expect(dropped).toEqual(['b evict'])
  expect(cache.size).toBe(3)
})

test('counts an entry that is written again once', () => {
  const cache = createGrowingCache<string, number>(2)
  for (let at = 0; at < 10; at += 1) cache.set('a', at)
  cache.set('b', 1)
  expect([...cache.entries()]).toEqual([
    ['b', 1],
    ['a', 9],
  ])
})

test('entries that are removed give their room back', () => {
  const cache = createGrowingCache<string, number>(2)
  for (let at = 0; at < 100; at += 1) {
    cache.set(`key ${at}`, at)
    cache.delete(`key ${at}`)
  }
  cache.set('a', 1)
  cache.clear()
  cache.set('b', 2)
  cache.set('c', 3)
  expect([...cache.keys()]).toEqual(['c', 'b'])
})
