import type { Demo } from '@momentry/shared/demo/generate.ts'
import type { ApiClient } from '../api/client.ts'
import { createdKeySchema } from '../api/shapes.ts'
import { hashOf } from '../import/progress-file.ts'

/** Names a run: its keys are its own, and making them again gives the same. */
export interface DemoRun {
  run: string
  seed: number
}

export interface DemoKey {
  id: string
  /** In memory only: live traffic validates with it. */
  secret: string
}

const retryForMs = 60_000
/** Most are of services, as they are anywhere. */
const types = ['service', 'user', 'service', 'integration'] as const

/** Makes a key of any kind for a run; a second call with the same name gives the same. */
export async function makeDemoKey(
  api: ApiClient,
  { run, seed }: DemoRun,
  body: { name: string; type: string } & Record<string, unknown>,
): Promise<DemoKey> {
  const { id, key } = await api.call(createdKeySchema, {
    method: 'POST',
    path: '/v1/keys',
    body: { ownerId: 'demo', metadata: { demo: { run, seed } }, ...body },
    idempotencyKey: hashOf('demo', run, 'key', body.name),
    retryForMs,
  })
  return { id, secret: key }
}

/** Makes the keys whose weeks are made up, in the demo's order. */
export async function makeDemoKeys(api: ApiClient, demo: Demo, run: DemoRun): Promise<DemoKey[]> {
  const keys: DemoKey[] = []
  for (const [index, { name }] of demo.keys.entries())
    keys.push(await makeDemoKey(api, run, { name, type: types[index % types.length] ?? 'service' }))
  return keys
}
