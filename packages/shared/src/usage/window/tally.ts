import { isCounted, isFailed, type UsageEvent } from '../event.ts'

/** The events of one key in one second. */
export interface SecondTally {
  second: number
  requests: number
  errors: number
  addresses: Set<string>
}

/** Sums the events that count by key and second; a key's seconds come in ascending order, whatever the order of the events. */
export function tally(events: readonly UsageEvent[]): Map<string, SecondTally[]> {
  const keys = new Map<string, Map<number, SecondTally>>()
  for (const event of events) {
    if (!isCounted(event)) continue
    const seconds = getOrMake(keys, event.keyId, () => new Map<number, SecondTally>())
    const second = Math.floor(event.at / 1000)
    const sum = getOrMake(seconds, second, () => ({ second, requests: 0, errors: 0, addresses: new Set<string>() }))
    sum.requests += 1
    if (isFailed(event)) sum.errors += 1
    if (event.ip !== undefined) sum.addresses.add(event.ip)
  }
  const ascending = (seconds: Map<number, SecondTally>) => [...seconds.values()].sort((a, b) => a.second - b.second)
  return new Map([...keys].map(([keyId, seconds]) => [keyId, ascending(seconds)]))
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const present = map.get(key)
  if (present !== undefined) return present
  const made = make()
  map.set(key, made)
  return made
}
