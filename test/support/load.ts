import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'

/** Something that goes on until it is stopped. */
export interface Load<Seen> {
  seen: Seen
  stop(): Promise<void>
}

/** Sends requests as one key. */
export type Post = (path: string, body: unknown, headers?: Record<string, string>) => Promise<Response>

export function createPost(url: string, key: string): Post {
  return (path, body, headers = {}) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, ...headers },
      body: JSON.stringify(body),
    })
}

function repeat<Seen>(seen: Seen, once: (round: number) => Promise<void>): Load<Seen> {
  let stopping = false
  const run = async () => {
    for (let round = 0; !stopping; round += 1) await once(round)
  }
  const running = run()
  return {
    seen,
    stop: () => {
      stopping = true
      return running
    },
  }
}

/** What a reporter waits before it sends again: enough that an outage is not spent on refusals alone. */
const againMs = 20

/** A reporter as it should be: each report is sent again, with its own Idempotency-Key, until it is answered 202. */
export function startReporter(
  post: Post,
  keyId: string,
): Load<{ accepted: number; refused: number; retryAfter: Set<string | null> }> {
  const events = Array.from({ length: 5 }, () => ({ keyId, status: 200, ip: '192.0.2.7' }))
  const seen = { accepted: 0, refused: 0, retryAfter: new Set<string | null>() }
  const send = async (report: number): Promise<void> => {
    const answer = await post('/v1/usage', { events }, { 'idempotency-key': `report-${report}` })
    await answer.arrayBuffer()
    if (answer.status === 202) {
      seen.accepted += events.length
      return
    }
    if (answer.status !== 503) throw new Error(`a report was answered ${answer.status}`)
    seen.refused += 1
    seen.retryAfter.add(answer.headers.get('retry-after'))
    await pause(againMs)
    return send(report)
  }
  return repeat(seen, send)
}

const validation = z.object({ code: z.string() })

/** A service that validates a secret again and again, without a pause unless one is given; sees how often each code came. */
export function startValidator(post: Post, key: string, pauseMs = 0): Load<Map<string, number>> {
  const seen = new Map<string, number>()
  return repeat(seen, async () => {
    const answer = await post('/v1/keys/validate', { key, recordUsage: false })
    const { code } = validation.parse(await answer.json())
    seen.set(code, (seen.get(code) ?? 0) + 1)
    if (pauseMs > 0) await pause(pauseMs)
  })
}
