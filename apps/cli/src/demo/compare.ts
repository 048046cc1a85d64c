import { setTimeout as sleep } from 'node:timers/promises'
import type { Demo } from '@momentry/shared/demo/generate.ts'
import type { ApiClient } from '../api/client.ts'
import { eachItem } from '../api/pages.ts'
import { anomalySchema } from '../api/shapes.ts'

export interface Comparison {
  /** What was planted and what was found, each as `<key id> <rule>`. */
  planted: readonly string[]
  found: ReadonlySet<string>
}

export interface CompareOptions {
  api: ApiClient
  signal: AbortSignal
  keyIds: readonly string[]
  demo: Demo
}

/** How long detection may take, in milliseconds. */
const waitMs = 60_000
const pollMs = 500

/** Waits until all that was planted is found, or the time is up. */
export async function compareWithPlanted({ api, signal, keyIds, demo }: CompareOptions): Promise<Comparison> {
  const planted = demo.planted.map(({ key, rule }) => `${keyIds[key]} ${rule}`)
  const own = new Set(keyIds)
  const until = performance.now() + waitMs
  for (;;) {
    const found = new Set<string>()
    // The newest come first, and those of this run are the newest: a page without any of them ends the search.
    let strangers = 0
    for await (const { keyId, rule } of eachItem(api, anomalySchema, { path: '/v1/anomalies' })) {
      strangers = own.has(keyId) ? 0 : strangers + 1
      if (own.has(keyId)) found.add(`${keyId} ${rule}`)
      if (strangers === 500) break
    }
    if (planted.every((each) => found.has(each)) || performance.now() > until) return { planted, found }
    await sleep(pollMs, undefined, { signal })
  }
}
