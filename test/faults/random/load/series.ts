import type { Random } from '@momentry/shared/demo/random.ts'

/** An event as a service would report it. */
export interface SentEvent {
  keyId: string
  /** Seconds since 1970. */
  second: number
  ip: string
  failed: boolean
}

/** Thresholds that take little traffic to cross; what is sent here stays well off each of them, on one side or the other. */
export const thresholds = {
  ANOMALY_REQUESTS_PER_MINUTE: '50',
  ANOMALY_ERROR_RATE: '0.5',
  ANOMALY_ERROR_MIN_REQUESTS: '20',
  ANOMALY_IPS_PER_HOUR: '5',
}

/** One report covers so much of event time. */
export const stretchSeconds = 60

const kinds = ['storm', 'failing', 'travelling'] as const

/** Stretches from one abnormal one of a key to its next, and to the next of the same kind: by then an episode of it is over. */
const apart = { any: 30, same: 150 }

/**
 * Gives the traffic of one key, stretch by stretch: calm, and now and then abnormal in one of three ways. Whatever is
 * abnormal is so within one stretch, which one report brings whole: so what must be found does not depend on how long the
 * reports before and after it were held up.
 * @param start second at which it begins, at a whole minute
 */
export function createSeries(random: Random, keyId: string, start: number): () => SentEvent[] {
  const host = random.integer(1, 200)
  const homes = [`192.0.2.${host}`, `2001:db8::${host}`]
  const nextOfKind = new Map(kinds.map((kind) => [kind, 0]))
  let nextAbnormal = random.integer(2, 12)
  let stretch = 0

  const event = (ip: string, errors: number): SentEvent => ({
    keyId,
    second: start + stretch * stretchSeconds + random.integer(0, stretchSeconds - 1),
    ip,
    failed: random.chance(errors),
  })
  const some = (least: number, most: number, errors: number) =>
    Array.from({ length: random.integer(least, most) }, () => event(random.pick(homes), errors))
  const abnormal = {
    storm: () => some(70, 140, 0.02),
    failing: () => some(28, 36, 0.95),
    travelling: () =>
      Array.from({ length: random.integer(7, 12) }, (_, index) => event(`203.0.113.${(host + index) % 250}`, 0)),
  }

  return () => {
    const open = kinds.filter((kind) => (nextOfKind.get(kind) ?? 0) <= stretch)
    const isAbnormal = stretch >= nextAbnormal && open.length > 0
    let events = some(0, 3, 0.05)
    if (isAbnormal) {
      const kind = random.pick(open)
      events = abnormal[kind]()
      nextAbnormal = stretch + random.integer(apart.any, 2 * apart.any)
      nextOfKind.set(kind, stretch + apart.same)
    }
    stretch += 1
    return events
  }
}
