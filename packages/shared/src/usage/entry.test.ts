import { describe, expect, it } from 'vitest'
import { decodeEntry, encodeEntry } from './entry.ts'
import type { Sighting, UsageEvent } from './event.ts'
import { sumEvents } from './roll-up/sums.ts'
import { tally } from './window/tally.ts'

const keyId = '019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b'
const rotationId = '019a2b3c-5555-7000-8000-000000000005'
const useId = '019a2b3c-6666-7000-8000-000000000006'
const plain: UsageEvent = { keyId, at: 60_000, ip: '192.0.2.1', status: 200, latencyMs: 3 }
const seen = (sighting: Partial<Sighting>, change: Partial<UsageEvent> = {}): UsageEvent => ({
  ...plain,
  latencyMs: undefined,
  sighting: { counted: true, version: 1, rotationId, alarm: undefined, useId, ...sighting },
  ...change,
})

describe('an entry', () => {
  it('gives back what was put in, sightings too', () => {
    const events = [plain, seen({}), seen({ counted: false, rotationId: undefined, alarm: 'emergency' })]
    expect(decodeEntry(encodeEntry(events))).toEqual(events)
  })

  it('is read as before where it holds none', () => {
    expect(JSON.parse(encodeEntry([plain])).keys[keyId]).toEqual([[60_000, '192.0.2.1', 200, 3]])
  })
})

describe('sightings', () => {
  const events = [
    plain,
    seen({}),
    seen({ counted: false }, { ip: undefined, at: 61_000 }),
    seen({ counted: false, version: 2 }),
    seen({ counted: false }, { status: 401, at: 90_000 }),
    seen({ counted: false, rotationId: undefined, alarm: 'revoked' }, { status: 401 }),
  ]

  it('are no usage where the service reports by itself', () => {
    expect(sumEvents(events).minutes).toEqual([[keyId, 60_000, 2, 0, 3, 1, 60_000]])
    expect(tally(events).get(keyId)).toEqual([
      { second: 60, requests: 2, errors: 0, addresses: new Set(['192.0.2.1']) },
    ])
  })

  it('are summed by rotation, version and address', () => {
    expect(sumEvents(events).secrets).toEqual([
      [rotationId, 1, '192.0.2.1', 2, 1, 90_000],
      [rotationId, 1, '::', 1, 0, 61_000],
      [rotationId, 2, '192.0.2.1', 1, 0, 60_000],
    ])
  })
})
