import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Random } from '@momentry/shared/demo/random.ts'
import { z } from 'zod'
import type { Asker, Reply } from './ask.ts'

/** A key as those who look after it know it. */
export interface HeldKey {
  id: string
  /** The newest secret that anybody was given. */
  secret: string
  /** Secrets that were replaced by force, or whose key was revoked. */
  dead: string[]
  /** Rotations that were asked for. */
  rotations: Set<string>
  /** When its revocation was answered (ms); undefined for a living key. */
  revokedAt: number | undefined
}

/** What was done to keys: another side of the books. */
export interface Held {
  keys: HeldKey[]
  validations: number
  /** Verdicts that were wrong at their time. */
  wrong: string[]
}

export interface HolderOptions {
  name: string
  asker: Asker
  /** The secret of an operator who may do everything. */
  operator: string
  apiUrls: () => readonly string[]
  random: Random
  held: Held
}

const made = z.looseObject({ id: z.uuid(), key: z.string() })
const queued = z.looseObject({ rotationId: z.uuid() })
const rotation = z.looseObject({ state: z.string() })
const delivery = z.looseObject({ key: z.string() })
const verdict = z.looseObject({ code: z.string() })

const pauseMs = 80
const stepsOfLife = { least: 3, most: 10 }
/** DESIGN.md section 4 allows 5 s where Redis is away; the rest is for a process that was frozen with a question at its door. */
const lateMs = 15_000

/** Lives through keys: makes one, uses it, rotates it in each of the ways there are, and revokes it in the end. */
export async function runHolder(options: HolderOptions, isStopping: () => boolean): Promise<void> {
  const { random, held, name } = options
  for (let life = 0; !isStopping(); life += 1) {
    const key = await makeKey(options, `${name}-${life}`)
    held.keys.push(key)
    const steps = random.integer(stepsOfLife.least, stepsOfLife.most)
    for (let step = 0; step < steps && !isStopping(); step += 1) {
      await random.pick([validate, validate, rotateWithGrace, rotateByForce, checkDead])(options, key)
      await pause(pauseMs)
    }
    if (!isStopping() && random.chance(0.7)) await revoke(options, key)
  }
}

async function makeKey({ asker, operator }: HolderOptions, name: string): Promise<HeldKey> {
  const question = { path: '/v1/keys', key: operator, body: { type: 'service', name }, idempotencyKey: name }
  const { id, key } = made.parse((await asker.insist(question)).body)
  return { id, secret: key, dead: [], rotations: new Set(), revokedAt: undefined }
}

/** A living key's newest secret is good, or nobody can tell just now; it is never bad. */
async function validate(options: HolderOptions, key: HeldKey): Promise<void> {
  const code = await verdictOn(options, key.secret)
  if (code !== undefined && code !== 'VALID') options.held.wrong.push(`the newest secret of ${key.id} is ${code}`)
}

/** @returns undefined where nobody could tell */
async function verdictOn(options: HolderOptions, secret: string): Promise<string | undefined> {
  const { asker, operator, apiUrls, random, held } = options
  const urls = apiUrls()
  if (urls.length === 0) return undefined
  const question = { path: '/v1/keys/validate', key: operator, body: { key: secret, recordUsage: false } }
  const reply = await asker.once(random.pick(urls), question)
  if (reply?.status !== 200) return undefined
  held.validations += 1
  return verdict.parse(reply.body).code
}

async function rotateWithGrace(options: HolderOptions, key: HeldKey): Promise<void> {
  const body = { reason: 'renewal', graceSeconds: options.random.pick([0, 3600]) }
  const rotationId = await rotate(options, key, body)
  if (rotationId === undefined) return
  const reply = await options.asker.insist({ path: '/v1/keys/self/claim', key: key.secret })
  // A grace of no time is over, and then an operator has to help.
  key.secret = reply.status === 200 ? delivery.parse(reply.body).key : await fetchSecret(options, key, rotationId)
}

async function rotateByForce(options: HolderOptions, key: HeldKey): Promise<void> {
  const rotationId = await rotate(options, key, { reason: 'leaked', forced: true })
  if (rotationId === undefined) return
  key.dead.push(key.secret)
  key.secret = await fetchSecret(options, key, rotationId)
}

/** @returns undefined where an earlier rotation's grace is not over */
async function rotate({ asker, operator }: HolderOptions, key: HeldKey, body: object): Promise<string | undefined> {
  const reply = await asker.insist({
    path: `/v1/keys/${key.id}/rotate`,
    key: operator,
    body,
    idempotencyKey: randomUUID(),
  })
  if (reply.status === 409) return undefined
  const { rotationId } = queued.parse(reply.body)
  key.rotations.add(rotationId)
  for (;;) {
    const { body: view } = await asker.insist({ method: 'GET', path: `/v1/rotations/${rotationId}`, key: operator })
    const { state } = rotation.parse(view)
    if (state === 'completed') return rotationId
    if (state === 'failed' || state === 'cancelled') throw new Error(`the rotation ${rotationId} is ${state}`)
    await pause(pauseMs)
  }
}

async function fetchSecret({ asker, operator }: HolderOptions, key: HeldKey, rotationId: string): Promise<string> {
  const reply: Reply = await asker.insist({ path: `/v1/rotations/${rotationId}/secret`, key: operator })
  if (reply.status !== 200) throw new Error(`the successor of ${key.id} is lost: ${JSON.stringify(reply.body)}`)
  return delivery.parse(reply.body).key
}

async function revoke(options: HolderOptions, key: HeldKey): Promise<void> {
  const { asker, operator } = options
  const { status } = await asker.insist({
    path: `/v1/keys/${key.id}/revoke`,
    key: operator,
    body: { reason: 'end of life' },
  })
  if (status !== 200) throw new Error(`the revocation of ${key.id} was answered ${status}`)
  key.dead.push(key.secret)
  key.revokedAt = Date.now()
}

/** What was revoked a while ago validates nowhere any more. */
async function checkDead(options: HolderOptions): Promise<void> {
  const { held, random } = options
  const gone = held.keys.filter(({ revokedAt }) => revokedAt !== undefined && Date.now() - revokedAt > lateMs)
  if (gone.length === 0) return
  const key = random.pick(gone)
  if ((await verdictOn(options, key.secret)) === 'VALID') held.wrong.push(`the revoked key ${key.id} is valid`)
}
