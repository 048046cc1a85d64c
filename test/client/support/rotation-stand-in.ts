import { z } from 'zod'
import { goodVerdict } from './answers.ts'
import { type SeenRequest, startStandIn, type Treatment } from './stand-in.ts'

type Kind = 'validate' | 'claim'
export type Fault = Treatment | 'none'

/** A key's rotations as Momentry does them, so far as a holder sees them, and with faults. */
export interface RotationStandIn {
  url: string
  /** What happened, in order: `validate 1`, `claim 1`, by the version of the secret; tests add their own. */
  log: string[]
  /** Makes a successor, and gives it. */
  rotate(): string
  /** Ends the grace: only the current secret validates from now on. */
  endGrace(): void
  /** Treats the next requests of a kind so, in turn, once Momentry has done its part. */
  fail(kind: Kind, ...faults: Fault[]): void
  /** In place of the plain successor in the answer to a claim. */
  deliver(encrypt: ((secret: string) => unknown) | undefined): void
  close(): Promise<void>
}

export const secretOf = (version: number) => `mty_service_version${version}_check${version}`

const validateSchema = z.object({ key: z.string(), recordUsage: z.literal(false) })
const graceEndsAt = '2099-01-01T00:00:00.000Z'
const refused = (status: number, code: string): Treatment => ({ status, body: { code, detail: 'no' } })

export async function startRotationStandIn(): Promise<RotationStandIn> {
  const log: string[] = []
  const faults: Record<Kind, Fault[]> = { validate: [], claim: [] }
  let current = 1
  let oldest = 1
  let hasEscrow = false
  let encrypt: ((secret: string) => unknown) | undefined

  const versionOf = (secret: string | undefined) =>
    Array.from({ length: current - oldest + 1 }, (_, index) => oldest + index).find((v) => secretOf(v) === secret)

  const validate = ({ text }: SeenRequest): Treatment => {
    const version = versionOf(validateSchema.parse(JSON.parse(text)).key)
    log.push(`validate ${version ?? 'refused'}`)
    if (version === undefined) return { status: 200, body: { valid: false, code: 'ROTATED', keyId: 'k' } }
    if (version === current) hasEscrow = false
    const rotation = version < current ? { supersededBy: current, graceEndsAt, claimable: hasEscrow } : undefined
    return { status: 200, body: { ...goodVerdict, secretVersion: version, rotation } }
  }

  const claim = ({ headers }: SeenRequest): Treatment => {
    const version = versionOf(/^Bearer (.*)$/.exec(headers.authorization ?? '')?.[1])
    log.push(`claim ${version ?? 'refused'}`)
    if (version === undefined) return refused(401, 'UNAUTHENTICATED')
    if (version === current || !hasEscrow) return refused(409, 'NOT_CLAIMABLE')
    const secret = secretOf(current)
    const body = encrypt ? { encryptedKey: encrypt(secret) } : { key: secret }
    return { status: 200, body: { ...body, keyId: 'k', secretVersion: current } }
  }

  const treat = (kind: Kind, healthy: Treatment): Treatment => {
    const fault = faults[kind].shift() ?? 'none'
    return fault === 'none' ? healthy : fault
  }

  const standIn = await startStandIn((request) => {
    const { path, headers, text } = request
    if (path === '/v1/keys/validate' && headers.authorization === undefined) return treat('validate', validate(request))
    if (path === '/v1/keys/self/claim' && text === '') return treat('claim', claim(request))
    return refused(404, 'NOT_FOUND')
  })

  return {
    ...{ url: standIn.url, log, close: standIn.close },
    rotate() {
      current += 1
      hasEscrow = true
      return secretOf(current)
    },
    endGrace() {
      oldest = current
      hasEscrow = false
    },
    fail: (kind, ...next) => void faults[kind].push(...next),
    deliver(how) {
      encrypt = how
    },
  }
}
