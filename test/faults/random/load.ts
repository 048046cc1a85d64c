import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { FaultFleet } from './fleet.ts'
import type { Random } from './random.ts'

/** An event that was answered 202. */
export interface Accepted {
  keyId: string
  /** ms */
  at: number
  ip: string
  status: number
}

export interface FaultLoad {
  accepted: Accepted[]
  /** Keys that were revoked, as far as the answer told, with their secrets. */
  revoked: string[]
  /** Keys that are rotated again and again. */
  rotated: string[]
  /** Good secrets that were called anything but good, though not for want of a store. */
  wrong: string[]
  /** Requests that failed in whatever way and were sent again. */
  repeated(): number
  stop(): Promise<void>
}

const madeSchema = z.looseObject({ id: z.string(), key: z.string() })
const codeSchema = z.looseObject({ code: z.string() })

/** How long one answer may take before it is asked for again. */
const patienceMs = 8_000
const pauseMs = 100

/**
 * Uses the fleet as its users do: each request is sent again, under the same name, until it is answered; keys are reported
 * on, validated, rotated, and revoked.
 * @param keyCount keys of which usage is reported; every fifth has errors alone, every seventh many addresses
 */
export async function startFaultLoad(
  fleet: FaultFleet,
  root: string,
  random: Random,
  keyCount: number,
): Promise<FaultLoad> {
  let stopping = false
  let repeated = 0
  let turn = 0

  /** Sends until there is an answer that is none of an outage. */
  const ask = async (method: string, path: string, body: unknown, name?: string, key = root) => {
    for (;;) {
      const urls = fleet.apiUrls()
      turn += 1
      try {
        const answer = await fetch(`${urls[turn % urls.length]}${path}`, {
          method,
          signal: AbortSignal.timeout(patienceMs),
          headers: {
            authorization: `Bearer ${key}`,
            'content-type': 'application/json',
            ...(name !== undefined && { 'idempotency-key': name }),
          },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        })
        const text = await answer.text()
        if (answer.status < 500) return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) }
      } catch {
        // Cut, refused, or too slow: nobody knows what became of it.
      }
      repeated += 1
      await sleep(pauseMs)
    }
  }
  const nameOf = (...parts: unknown[]) => createHash('sha256').update(parts.join(' ')).digest('hex')
  const make = async (name: string) => {
    const { status, body } = await ask(
      'POST',
      '/v1/keys',
      { type: 'service', name, scopes: ['a:read'] },
      nameOf('make', name),
    )
    if (status !== 201) throw new Error(`a key was answered ${status}: ${JSON.stringify(body)}`)
    return madeSchema.parse(body)
  }
  const makeAll = (count: number, what: string) =>
    Promise.all(Array.from({ length: count }, (_, n) => make(`${what} ${n}`)))

  const reported = await makeAll(keyCount, 'reported')
  const rotating = await makeAll(4, 'rotating')
  const [steady] = await makeAll(1, 'steady')
  const accepted: Accepted[] = []
  const revoked: string[] = []
  const wrong: string[] = []

  const report = async (reporter: number, round: number) => {
    const at = Date.now()
    const events = Array.from({ length: random.between(1, 12) }, () => {
      const index = random.between(0, reported.length - 1)
      const keyId = reported[index]?.id ?? ''
      return {
        keyId,
        at,
        ip: index % 7 === 3 ? `192.0.2.${random.between(1, 40)}` : `198.51.100.${index}`,
        status: index % 5 === 4 ? 500 : 200,
      }
    })
    const body = { events: events.map((event) => ({ ...event, at: new Date(event.at).toISOString() })) }
    const answer = await ask('POST', '/v1/usage', body, nameOf('report', reporter, round))
    if (answer.status !== 202) throw new Error(`a report was answered ${answer.status}: ${JSON.stringify(answer.body)}`)
    accepted.push(...events)
    await sleep(20)
  }
  const validate = async () => {
    const { status, body } = await ask('POST', '/v1/keys/validate', { key: steady?.key, recordUsage: false })
    const code = status === 200 ? codeSchema.parse(body).code : `status ${status}`
    if (code !== 'VALID') wrong.push(code)
    await sleep(30)
  }
  const rotate = async (round: number) => {
    const { id } = random.pick(rotating)
    const body = random.next() < 0.4 ? { forced: true } : { graceSeconds: random.between(0, 3) }
    const { status, body: said } = await ask('POST', `/v1/keys/${id}/rotate`, body, nameOf('rotate', round))
    if (status !== 202 && status !== 409) throw new Error(`a rotation was answered ${status}: ${JSON.stringify(said)}`)
    await sleep(random.between(100, 600))
  }
  const revoke = async (round: number) => {
    const { id, key } = await make(`doomed ${round}`)
    const { status } = await ask('POST', `/v1/keys/${id}/revoke`, {})
    if (status !== 200) throw new Error(`a revoke was answered ${status}`)
    revoked.push(key)
    await sleep(random.between(100, 600))
  }

  const running = [
    ...[0, 1, 2].map((reporter) => (round: number) => report(reporter, round)),
    validate,
    rotate,
    revoke,
  ].map(async (once) => {
    for (let round = 0; !stopping; round += 1) await once(round)
  })
  return {
    ...{ accepted, revoked, wrong, rotated: rotating.map(({ id }) => id) },
    repeated: () => repeated,
    async stop() {
      stopping = true
      await Promise.all(running)
    },
  }
}
