import { z } from 'zod'
import type { Api } from './api.ts'

export interface LoadKey {
  id: string
  /** The secret. */
  key: string
}

const createdSchema = z.looseObject({ id: z.uuid(), key: z.string() })
const atATime = 10
/** So that nobody is told of the load, and nothing is done about it. */
const policy = {
  anomaly: { requestsPerMinute: 1_000_000_000, errorMinRequests: 1_000_000_000, timeMinHistory: 1_000_000_000 },
  onAnomaly: 'none',
}

/**
 * Makes service keys, and adds each to `made` as soon as it is there, so that those can be revoked whatever happens next.
 * @throws Error, one line for people
 */
export async function makeKeys(api: Api, count: number, made: LoadKey[], signal: AbortSignal): Promise<void> {
  const run = new Date().toISOString()
  for (let first = 0; first < count && !signal.aborted; first += atATime) {
    const numbers = Array.from({ length: Math.min(atATime, count - first) }, (_, at) => first + at + 1)
    const outcomes = await Promise.allSettled(
      numbers.map(async (number) => {
        const body = { type: 'service', name: `loadtest ${run} ${number}`, scopes: [], policy }
        made.push(createdSchema.parse(await api.post('/v1/keys', body)))
      }),
    )
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failed) throw failed.reason
  }
}

/** Revokes keys, each tried three times. @returns the ids of those that could not be revoked */
export async function revokeKeys(api: Api, keys: readonly LoadKey[]): Promise<string[]> {
  const revoke = async ({ id }: LoadKey, tries: number): Promise<boolean> => {
    const done = await api.post(`/v1/keys/${id}/revoke`, { reason: 'the load test is over' }).then(
      () => true,
      () => false,
    )
    return done || (tries > 1 && revoke({ id, key: '' }, tries - 1))
  }
  const left: string[] = []
  for (let first = 0; first < keys.length; first += atATime)
    await Promise.all(
      keys.slice(first, first + atATime).map(async (key) => {
        if (!(await revoke(key, 3))) left.push(key.id)
      }),
    )
  return left
}
