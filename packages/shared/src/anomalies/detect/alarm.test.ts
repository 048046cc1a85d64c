import { describe, expect, it } from 'vitest'
import type { Alarm, UsageEvent } from '../../usage/event.ts'
import { raiseAlarm } from './alarm.ts'
import { emptyState } from './judge.ts'
import { decodeState, encodeState } from './state-codec.ts'

const keyId = '019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b'
const start = 1_800_000_000_000

function use(alarm: Alarm | undefined, seconds = 0, useId = 'use'): UsageEvent {
  const sighting = { counted: true, version: 1, rotationId: undefined, alarm, useId }
  return { keyId, at: start + seconds * 1000, ip: '192.0.2.1', status: 401, latencyMs: undefined, sighting }
}

describe('raiseAlarm', () => {
  it('tells of a dead secret at most once per key and hour', () => {
    const state = emptyState()
    const told = [0, 1, 3599, 3600, 3601, 7300].map((seconds) => raiseAlarm(state, use('rotated', seconds)).length)
    expect(told).toEqual([1, 0, 0, 1, 0, 1])
  })

  it('remembers that in the key’s state', () => {
    const state = emptyState()
    raiseAlarm(state, use('revoked'))
    const read = decodeState(encodeState({ state, writtenAt: start })).state
    expect(raiseAlarm(read, use('rotated', 10))).toEqual([])
  })

  it('tells of every use of an emergency key, each by an id of its own', () => {
    const state = emptyState()
    const ids = ['a', 'b', 'a'].flatMap((useId) => raiseAlarm(state, use('emergency', 0, useId)).map(({ id }) => id))
    expect(new Set(ids).size).toBe(2)
    expect(ids[0]).toBe(ids[2])
  })

  it('describes what was seen, and is over at once', () => {
    const second = start / 1000
    expect(raiseAlarm(emptyState(), use('rotated'))).toEqual([
      {
        kind: 'opened',
        id: expect.any(String),
        keyId,
        rule: 'dead_key_used',
        severity: 'medium',
        observed: 1,
        threshold: 0,
        window: { start: second, end: second },
        explanation: 'a secret that was rotated out was used after its grace, from 192.0.2.1',
        endedAt: second,
      },
    ])
    expect(raiseAlarm(emptyState(), use(undefined))).toEqual([])
  })
})
