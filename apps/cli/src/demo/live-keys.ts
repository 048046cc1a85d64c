import { makeSecret } from '@momentry/shared/keys/secret.ts'
import { z } from 'zod'
import { type ApiClient, path } from '../api/client.ts'
import { type DemoRun, makeDemoKey } from './make-keys.ts'

/** What a service asks that is refused, each for a reason of its own. */
export interface RefusedCall {
  key: string
  scopes?: readonly string[]
  /** Nobody has it: guesses come from anywhere. */
  isGuess?: boolean
}

const done = z.unknown()

/**
 * Makes keys whose validation is refused, so that every outcome can be seen: revoked, disabled, without the scope, over its
 * limit, unknown and malformed. One is for emergencies, so that all types are there.
 */
export async function makeRefused(
  api: ApiClient,
  run: DemoRun,
): Promise<{ refused: RefusedCall[]; emergency: string }> {
  const make = (name: string, type: string, more: Record<string, unknown> = {}) =>
    makeDemoKey(api, run, { name, type, ...more })
  const revoked = await make('old-partner', 'service')
  const disabled = await make('paused-importer', 'integration')
  const narrow = await make('deploy-bot', 'system', { scopes: ['keys:read'] })
  const policy = { rateLimits: [{ name: 'free', requests: 1, windowSeconds: 60 }] }
  const limited = await make('free-tier', 'user', { policy })
  const emergency = await make('break-glass', 'emergency')
  const reason = 'the partner left'
  await api.call(done, { method: 'POST', path: path`/v1/keys/${revoked.id}/revoke`, body: { reason } })
  await api.call(done, { method: 'PATCH', path: path`/v1/keys/${disabled.id}`, body: { enabled: false } })
  const refused = [
    { key: revoked.secret },
    { key: disabled.secret },
    { key: narrow.secret, scopes: ['keys:write'] },
    // The first of a minute is good.
    { key: limited.secret },
    { key: limited.secret },
    { key: makeSecret('service').secret, isGuess: true },
    { key: 'mty_nonsense', isGuess: true },
  ]
  return { refused, emergency: emergency.secret }
}
