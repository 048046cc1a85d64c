import { setTimeout as pause } from 'node:timers/promises'

export interface Question {
  method?: 'GET' | 'POST'
  path: string
  body?: unknown
  /** The secret to ask with. */
  key: string
  idempotencyKey?: string
}

export interface Reply {
  status: number
  body: unknown
}

/** What a client of the apis sees of them. */
export interface Asker {
  /** Asks once. @returns undefined where no answer came, for whatever reason */
  once(url: string, question: Question): Promise<Reply | undefined>
  /** Asks one api after the other until one answers for good: with anything but "later". */
  insist(question: Question): Promise<Reply>
  /** Answers that say "later" (503), and questions without any answer. */
  seen: { later: number; silent: number; answered: number }
  /** Answers that nobody should ever get. */
  strange: string[]
}

/** How long a client waits for an answer before it asks the other api. */
const patienceMs = 4_000
const againMs = 100

export function createAsker(apiUrls: () => readonly string[]): Asker {
  const seen = { later: 0, silent: 0, answered: 0 }
  const strange: string[] = []
  let turn = 0

  const once = async (url: string, question: Question): Promise<Reply | undefined> => {
    try {
      const answer = await fetch(`${url}${question.path}`, {
        method: question.method ?? 'POST',
        headers: {
          authorization: `Bearer ${question.key}`,
          ...(question.body !== undefined && { 'content-type': 'application/json' }),
          ...(question.idempotencyKey !== undefined && { 'idempotency-key': question.idempotencyKey }),
        },
        ...(question.body !== undefined && { body: JSON.stringify(question.body) }),
        signal: AbortSignal.timeout(patienceMs),
      })
      const reply = { status: answer.status, body: await answer.json() }
      seen[answer.status === 503 ? 'later' : 'answered'] += 1
      if (answer.status >= 500 && answer.status !== 503)
        strange.push(`${question.path}: ${answer.status} ${JSON.stringify(reply.body)}`)
      return reply
    } catch {
      seen.silent += 1
      return undefined
    }
  }

  const insist = async (question: Question): Promise<Reply> => {
    const urls = apiUrls()
    turn += 1
    const url = urls[turn % Math.max(1, urls.length)]
    const reply = url === undefined ? undefined : await once(url, question)
    if (reply && reply.status < 500) return reply
    await pause(againMs)
    return insist(question)
  }

  return { once, insist, seen, strange }
}
