import { pack } from 'msgpackr'
import { describe, expect, it } from 'vitest'
import { emptyState } from './judge.ts'
import { decodeState, encodeState, readState } from './state-codec.ts'

const writtenAt = Date.UTC(2026, 0, 5, 12)
const open = {
  ...{ id: '019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b', hotUntil: 5000, severity: 'high' as const },
  peak: { observed: 7, threshold: 5, window: { start: 1401, end: 5000 }, explanation: '7 “different” addresses' },
}

describe('the state of a key', () => {
  it('is read as it was written, episodes included', () => {
    const state = { ...emptyState(), settledThrough: 4998 }
    state.tracks.set('multiple_ips', { open, closedThrough: 1400 })
    state.tracks.set('high_request_rate', { open: undefined, closedThrough: 0 })
    const read = decodeState(encodeState({ state, writtenAt }))
    expect(read.writtenAt).toBe(writtenAt)
    expect(read.state).toEqual({ ...state, tracks: new Map([['multiple_ips', { open, closedThrough: 1400 }]]) })
    expect(readState(Buffer.from(encodeState({ state, writtenAt })), 0)).toEqual(read)
  })

  it('is read as older versions wrote it, and written in the new way from then on', () => {
    const window = [1, 5000, [1000, 7, 0], [['192.0.2.1', [0, 0]]], [5000, [], [1, 7]]]
    const read = readState(pack([1, writtenAt, 4998, window, [['multiple_ips', 1400, open]]]), 0)
    expect(read).toMatchObject({ writtenAt, state: { settledThrough: 4998, window: { newest: 5000 } } })
    expect(read.state.tracks).toEqual(new Map([['multiple_ips', { open, closedThrough: 1400 }]]))
    expect(decodeState(encodeState(read))).toEqual(read)
  })

  it('of a key that was never seen is empty, and written when it is looked for', () => {
    expect(readState(undefined, 17)).toEqual({ state: emptyState(), writtenAt: 17 })
  })

  it.each(['', '1', '2', '2~', 'no state'])('is not %j', (text) => {
    expect(() => readState(Buffer.from(text), 0)).toThrow()
  })
})
