import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { together } from './together.ts'

it('fails with the first failure, and not before all are done', async () => {
  const slow = Promise.withResolvers<void>()
  let isOver = false
  const waiting = together([Promise.reject(new Error('first')), slow.promise]).finally(() => {
    isOver = true
  })
  const failing = expect(waiting).rejects.toThrow('first')
  await nextTurn()
  expect(isOver).toBe(false)
  slow.resolve()
  await failing
})
