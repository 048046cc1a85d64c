import { MomentryError } from '@momentry/shared/errors.ts'
import { failJob, startJob } from '@momentry/shared/jobs/progress.ts'
import { createKey } from '@momentry/shared/keys/create.ts'
import { revokeKey } from '@momentry/shared/keys/revoke.ts'
import type { CreateKeyInput } from '@momentry/shared/keys/schemas.ts'
import { judgeSecret } from '@momentry/shared/keys/status.ts'
import { apiKeySecrets, apiKeys } from '@momentry/shared/keys/table.ts'
import { updateKey } from '@momentry/shared/keys/update.ts'
import type { KeyRow } from '@momentry/shared/keys/view.ts'
import type { Postgres } from '@momentry/shared/platform/postgres/client.ts'
import type { Seal } from '@momentry/shared/platform/seal.ts'
import { cancelRotation } from '@momentry/shared/rotation/cancel.ts'
import { burnExpired, noteFirstUse } from '@momentry/shared/rotation/escrow/burn.ts'
import { claimSuccessor } from '@momentry/shared/rotation/escrow/claim.ts'
import { fetchSuccessor } from '@momentry/shared/rotation/escrow/fetch.ts'
import { type Delivery, deliverySchema } from '@momentry/shared/rotation/escrow/open.ts'
import { type RotationRequest, requestRotation } from '@momentry/shared/rotation/request.ts'
import { retryJob } from '@momentry/shared/rotation/retry.ts'
import { setGrace } from '@momentry/shared/rotation/set-grace.ts'
import { apiKeyEscrow, apiKeyRotations } from '@momentry/shared/rotation/table.ts'
import { executeRotation } from '@momentry/shared/rotation/work/execute.ts'
import { failRotation } from '@momentry/shared/rotation/work/progress.ts'
import { createTestContext } from '../context.ts'

/** Any moment; lives begin at it. */
export const birth = Date.UTC(2026, 0, 6)

/** All that the database knows of a key. */
export interface Rows {
  key: KeyRow
  /** By version. */
  secrets: (typeof apiKeySecrets.$inferSelect)[]
  /** By age. */
  rotations: (typeof apiKeyRotations.$inferSelect)[]
  escrow: (typeof apiKeyEscrow.$inferSelect)[]
}

/** What may be done to a key, by people, programs and the worker. Rotations and versions are told by their place. */
export type Step =
  | { do: 'request' | 'rotate'; kind: RotationRequest['kind']; graceSeconds: number | undefined }
  | { do: 'execute' | 'cancel' | 'fetch' | 'fail' | 'retry' | 'claim' | 'use' | 'late-use'; place: number }
  | { do: 'set-grace'; place: number; graceSeconds: number }
  | { do: 'expire'; inSeconds: number | null }
  | { do: 'enable'; to: boolean }
  | { do: 'revoke' | 'burn' }
  | { do: 'wait'; seconds: number }

/** A key that lives in a real database, by a clock of its own. */
export interface Life {
  now(): number
  read(): Promise<Rows>
  /** Does a step. @returns who got which version's secret by it, where somebody did; undefined where it was refused */
  take(step: Step): Promise<Delivery | undefined>
}

/** Makes a key and gives what can be done to it. */
export async function beginLife(deps: { postgres: Postgres; seal: Seal }, input: CreateKeyInput): Promise<Life> {
  const { postgres, seal } = deps
  const { db } = postgres
  let now = birth
  const context = createTestContext(postgres, () => now)
  const announce = async () => undefined
  const { id } = (await createKey(context, input)).key

  const read = async (): Promise<Rows> => {
    const [key] = (await db.select().from(apiKeys)).filter((row) => row.id === id)
    if (!key) throw new Error('the key is gone')
    const secrets = (await db.select().from(apiKeySecrets)).filter(({ keyId }) => keyId === id)
    const rotations = (await db.select().from(apiKeyRotations)).filter(({ keyId }) => keyId === id)
    const escrow = await db.select().from(apiKeyEscrow)
    return {
      key,
      secrets: secrets.sort((a, b) => a.version - b.version),
      rotations: rotations.sort((a, b) => (a.id < b.id ? -1 : 1)),
      escrow: escrow.filter(({ rotationId }) => rotations.some((rotation) => rotation.id === rotationId)),
    }
  }
  const execute = (rotationId: string) => executeRotation(context, { seal, intervals: {} }, rotationId)
  const withRotation = async <T>(place: number, work: (rotation: Rows['rotations'][number]) => Promise<T>) => {
    const { rotations } = await read()
    const rotation = rotations[place % Math.max(1, rotations.length)]
    return rotation && work(rotation)
  }
  const fail = async ({ id: rotationId, jobId, state }: Rows['rotations'][number]) => {
    if (state !== 'queued') return
    await startJob(db, jobId, now)
    await failRotation(context, rotationId, 'a test')
    await failJob(db, jobId, { error: 'a test', final: true }, now)
  }
  /** What validation does about a good secret's first use. */
  const use = async (place: number) => {
    const { key, secrets } = await read()
    const secret = secrets[place % secrets.length]
    if (secret?.awaitsFirstUse && secret.rotationId && judge(key, secret, now) === 'VALID')
      await noteFirstUse(context, secret.rotationId, now)
  }
  const work = async (step: Step): Promise<unknown> => {
    switch (step.do) {
      case 'request':
        return requestRotation(context, { announce }, id, step)
      case 'rotate': {
        const { rotationId } = await requestRotation(context, { announce }, id, step)
        return Promise.all([execute(rotationId), execute(rotationId)])
      }
      case 'execute':
        return withRotation(step.place, (rotation) => execute(rotation.id))
      case 'cancel':
        return withRotation(step.place, (rotation) => cancelRotation(context, rotation.id))
      case 'fail':
        return withRotation(step.place, fail)
      case 'retry':
        return withRotation(step.place, ({ jobId }) => retryJob(context, { announce }, jobId))
      case 'fetch':
        return withRotation(step.place, (rotation) => fetchSuccessor(context, { seal }, rotation.id))
      case 'set-grace':
        return withRotation(step.place, (rotation) => setGrace(context, rotation.id, step))
      // A process that has not heard of a later rotation yet notes the use of a secret that is superseded by now.
      case 'late-use':
        return withRotation(step.place, async ({ id: rotationId, state }) => {
          if (state === 'completed') await noteFirstUse(context, rotationId, now)
        })
      // Whether the secret is still good is checked before, against a record that may be old.
      case 'claim': {
        const { secrets } = await read()
        return claimSuccessor(context, { seal }, { keyId: id, version: 1 + (step.place % secrets.length) })
      }
      case 'use':
        return use(step.place)
      case 'expire': {
        const expiresAt = step.inSeconds === null ? null : new Date(now + step.inSeconds * 1000)
        return updateKey(context, id, { expiresAt })
      }
      case 'enable':
        return updateKey(context, id, { enabled: step.to })
      case 'revoke':
        return revokeKey(context, id, {})
      case 'burn':
        return burnExpired(context)
      case 'wait':
        now += step.seconds * 1000
        return undefined
    }
  }
  return {
    now: () => now,
    read,
    take: (step) =>
      work(step).then(
        (result) => deliverySchema.safeParse(result).data,
        (error: unknown) => {
          if (!(error instanceof MomentryError)) throw error
          return undefined
        },
      ),
  }
}

/** What validation says of a version. */
export function judge(key: KeyRow, secret: Rows['secrets'][number], now: number): ReturnType<typeof judgeSecret> {
  const { enabled, expiresAt, revokedAt } = key
  const state = { enabled, expiresAt: expiresAt?.getTime(), revokedAt: revokedAt?.getTime() }
  return judgeSecret({ ...state, graceEndsAt: secret.graceEndsAt?.getTime() }, now)
}
