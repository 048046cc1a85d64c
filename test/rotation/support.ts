import { expect } from 'vitest'
import { z } from 'zod'
import { type Call, codeOf } from '../api/client.ts'
import { type Harness, startHarness } from '../api/harness.ts'
import { startProcess, type TestProcess } from '../support/processes/processes.ts'
import { createTestStores } from '../support/stores.ts'
import { createWorkbench, type Workbench } from '../support/workbench.ts'

const part = z.object({
  version: z.number(),
  requests: z.number(),
  refused: z.number(),
  lastUsedAt: z.string().nullable(),
  lastAddress: z.string().nullable(),
  addresses: z.array(z.object({ address: z.string().nullable(), requests: z.number() })),
})

export const rotationSchema = z.object({
  id: z.string(),
  keyId: z.string(),
  jobId: z.string(),
  kind: z.string(),
  state: z.string(),
  reason: z.string().nullable(),
  requestedBy: z.string().nullable(),
  anomalyId: z.string().nullable(),
  fromVersion: z.number().nullable(),
  toVersion: z.number().nullable(),
  graceEndsAt: z.string().nullable(),
  claimedAt: z.string().nullable(),
  claimedBy: z.string().nullable(),
  firstUsedAt: z.string().nullable(),
  claimable: z.boolean(),
  error: z.string().nullable(),
  finishedAt: z.string().nullable(),
  usage: z.object({ old: part, new: part }).nullable().optional(),
})
export type Rotation = z.infer<typeof rotationSchema>

const deliverySchema = z.object({ key: z.string(), keyId: z.string(), secretVersion: z.number() })
const queuedSchema = z.object({ rotationId: z.string(), status: z.literal('queued') })

/** An api, a worker and an alerter on stores of their own, with direct access to those. */
export interface RotationHarness extends Harness {
  worker: TestProcess
  alerter: TestProcess
  bench: Workbench
  /** Asks for a rotation and gives its id. */
  request(keyId: string, body?: object): Promise<string>
  read(rotationId: string): Promise<Rotation>
  /** Waits until a rotation is in a state. */
  reached(rotationId: string, state: string): Promise<Rotation>
  /** Asks for a rotation and waits until it is completed. */
  rotate(keyId: string, body?: object): Promise<Rotation>
  /** The code that validating a secret gives. */
  validate(secret: string): Promise<string>
  /** Fetches a successor as an operator. */
  fetchSecret(rotationId: string): Promise<string>
}

export async function startRotationHarness(env: Record<string, string> = {}): Promise<RotationHarness> {
  const stores = await createTestStores()
  const all = { ...stores.env, ...env }
  const [t, worker, alerter, bench] = await Promise.all([
    startHarness(env, stores),
    startProcess('worker', all),
    startProcess('alerter', all),
    createWorkbench(all),
  ])
  const requests = createRequests(t.asRoot)
  return {
    ...t,
    ...requests,
    worker,
    alerter,
    bench,
    validate: async (key) => codeOf(await t.asAnyone('POST', '/v1/keys/validate', { body: { key } })),
    async close() {
      await Promise.all([bench.close(), worker.stop(), alerter.stop()])
      await t.close()
    },
  }
}

let shared: Promise<RotationHarness> | undefined

/** The same for all files of a test worker that leave its processes as they are: see `shareHarness`. */
export async function shareRotationHarness(): Promise<RotationHarness> {
  shared ??= startRotationHarness({ RATE_LIMIT_MAX_ATTEMPTS: '100000' })
  return { ...(await shared), close: async () => undefined }
}

/** What tests of rotations ask an api for again and again. */
export function createRequests(call: Call) {
  const request = async (keyId: string, body: object = {}) => {
    const answer = await call('POST', `/v1/keys/${keyId}/rotate`, { body })
    expect(answer, answer.text).toMatchObject({ status: 202 })
    return queuedSchema.parse(answer.body).rotationId
  }
  const read = async (rotationId: string) =>
    rotationSchema.parse((await call('GET', `/v1/rotations/${rotationId}`)).body)
  const reached = async (rotationId: string, state: string) => {
    await expect.poll(async () => (await read(rotationId)).state).toBe(state)
    return read(rotationId)
  }
  return {
    request,
    read,
    reached,
    rotate: async (keyId: string, body: object = {}) => reached(await request(keyId, body), 'completed'),
    fetchSecret: async (rotationId: string) => keyOf(await call('POST', `/v1/rotations/${rotationId}/secret`)),
  }
}

/** The secret in an answer that hands one over. */
export function keyOf(answer: { body: unknown; text: string; status: number }): string {
  expect(answer, answer.text).toMatchObject({ status: 200 })
  return deliverySchema.parse(answer.body).key
}
