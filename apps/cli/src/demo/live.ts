import { setTimeout as sleep } from 'node:timers/promises'
import type { Demo } from '@momentry/shared/demo/generate.ts'
import { createRandom } from '@momentry/shared/demo/random.ts'
import type { ApiClient } from '../api/client.ts'
import { validationSchema } from '../api/shapes.ts'
import { makeRefused, type RefusedCall } from './live-keys.ts'
import type { DemoKey, DemoRun } from './make-keys.ts'

/** Between two validations: some four a second. */
const pauseMs = 250
/** One of so many is refused: few enough that no key's errors are an anomaly. */
const refusedEvery = 16
/** Of RFC 5737, as all addresses of a demo. */
const usualAddress = '198.51.100.7'

export interface LiveOptions {
  api: ApiClient
  signal: AbortSignal
  demo: Demo
  keys: readonly DemoKey[]
  run: DemoRun
}

/**
 * Validates with the keys of a demo until the signal aborts, most with success and some for each reason to refuse: what
 * services would ask. Keys that are at work round the clock are used, each from its usual address, so that no rule fires.
 */
export async function runLive({ api, signal, demo, keys, run }: LiveOptions): Promise<void> {
  const random = createRandom(run.seed)
  const { refused, emergency } = await makeRefused(api, run)
  const steady = demo.keys.flatMap(({ rhythm, address }, index) => {
    const secret = keys[index]?.secret
    return rhythm === 'steady' && secret !== undefined ? [{ key: secret, address }] : []
  })
  const ask = async (key: string, clientIp: string, scopes?: readonly string[]) => {
    const body = { key, clientIp, ...(scopes && { scopes }) }
    await api
      .call(validationSchema, { method: 'POST', path: '/v1/keys/validate', body, retryForMs: 0 })
      // The server may be restarting, or its stores: what comes later counts.
      .catch(() => undefined)
  }
  const anyAddress = () => `203.0.113.${random.integer(1, 254)}`
  const refuse = ({ key, scopes, isGuess }: RefusedCall) => ask(key, isGuess ? anyAddress() : usualAddress, scopes)
  await ask(emergency, usualAddress)
  for (const call of refused) await refuse(call)
  for (let turn = 1; !signal.aborted; turn += 1) {
    const call = turn % refusedEvery === 0 ? refused[(turn / refusedEvery) % refused.length] : undefined
    const usual = random.pick(steady)
    await (call ? refuse(call) : ask(usual.key, usual.address))
    await sleep(random.integer(pauseMs / 2, (pauseMs * 3) / 2), undefined, { signal }).catch(() => undefined)
  }
}
