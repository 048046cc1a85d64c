import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createGate } from './gate.ts'

it('begins at the end of the turn, lets so many in, and the next when one leaves', async () => {
  const gate = createGate(2)
  const begun: number[] = []
  for (const n of [1, 2, 3, 4]) gate.enter(() => begun.push(n))
  expect(begun).toEqual([])
  await nextTurn()
  expect(begun).toEqual([1, 2])
  gate.leave()
  expect(begun).toEqual([1, 2, 3])
  gate.leave()
  gate.leave()
  expect(begun).toEqual([1, 2, 3, 4])
  gate.leave()
  gate.enter(() => begun.push(5))
  await nextTurn()
  expect(begun).toEqual([1, 2, 3, 4, 5])
})
