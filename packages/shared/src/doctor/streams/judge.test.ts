import { describe, expect, it } from 'vitest'
import { judgeStreams } from './judge.ts'
import type { StreamReading, StreamsReading } from './read.ts'

const stream: StreamReading = {
  ...{ partition: 0, length: 3, oldestMs: 9_999, unread: 1, pending: 2, dead: 0 },
  consumers: [{ name: 'one', pending: 2, idleMs: 1_000 }],
}
const idle: StreamReading = { ...stream, length: 0, oldestMs: 0, unread: 0, pending: 0 }
const good: StreamsReading = { agreed: 1, workers: 1, unheld: [], usage: [stream], anomalies: [idle] }

const bad = (reading: StreamsReading, configured = 1) =>
  judgeStreams(reading, configured)
    .filter(({ level }) => level !== 'ok')
    .map(({ check, level }) => `${check} ${level}`)
const usage = (change: Partial<StreamReading>) => bad({ ...good, usage: [{ ...stream, ...change }] })

describe('judgeStreams', () => {
  it('is content where all that waits is looked after', () => {
    expect(bad(good)).toEqual([])
    expect(bad({ ...good, agreed: undefined })).toEqual([])
    expect(usage({ unread: undefined })).toEqual([])
  })

  it('finds what waits for long', () => {
    expect(usage({ oldestMs: 10_000 })).toEqual(['streams.usage.lag warning'])
    expect(usage({ oldestMs: 60_000 })).toEqual(['streams.usage.lag failed'])
    const anomalies = [{ ...idle, length: 1, unread: 1, oldestMs: 60_000 }]
    expect(bad({ ...good, anomalies })).toEqual(['streams.anomalies.lag failed'])
  })

  it('finds processes that are not there', () => {
    expect(bad({ ...good, workers: 0, unheld: [0] })).toEqual(['streams.workers failed'])
    expect(bad({ ...good, unheld: [0] })).toEqual(['streams.leases warning'])
    const gone = [{ ...idle, consumers: [{ name: 'two', pending: 0, idleMs: 15_000 }] }]
    expect(bad({ ...good, anomalies: gone })).toEqual(['streams.alerters failed'])
  })

  it('finds a consumer that holds on to entries', () => {
    const consumers = [{ name: 'one', pending: 2, idleMs: 60_001 }]
    expect(usage({ consumers })).toEqual(['streams.usage.consumers failed'])
    expect(usage({ consumers: [{ name: 'one', pending: 0, idleMs: 60_001 }] })).toEqual([])
  })

  it('finds entries that nobody will deal with, or could read', () => {
    expect(usage({ pending: 1 })).toEqual(['streams.usage.entries failed'])
    expect(usage({ pending: 3 })).toEqual(['streams.usage.entries failed'])
    expect(usage({ dead: 1 })).toEqual(['streams.usage.dead-letters failed'])
  })

  it('finds that this configuration has another number of partitions', () => {
    expect(bad(good, 8)).toEqual(['streams.partitions warning'])
  })
})
