import { describe, expect, it } from 'vitest'
import { createDropLog } from './drop-log.ts'

describe('createDropLog', () => {
  it('tells a drop after a position from one before it, key by key', () => {
    const log = createDropLog()
    log.add('a')
    const position = log.position()
    expect(log.droppedSince('a', position)).toBe(false)
    log.add('b')
    expect(log.droppedSince('a', position)).toBe(false)
    expect(log.droppedSince('b', position)).toBe(true)
    log.addAll()
    expect(log.droppedSince('c', position)).toBe(true)
    expect(log.droppedSince('c', log.position())).toBe(false)
  })

  it('never forgets a drop, however many come after it', () => {
    const log = createDropLog()
    const position = log.position()
    log.add('first')
    for (let n = 0; n < 20_000; n++) log.add(`key ${n}`)
    expect(log.droppedSince('first', position)).toBe(true)
    expect(log.droppedSince('first', log.position())).toBe(false)
  })
})
