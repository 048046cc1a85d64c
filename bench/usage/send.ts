import { Agent, request } from 'node:http'
import { json } from 'node:stream/consumers'
import { z } from 'zod'
import type { Report } from './reports.ts'

const answerSchema = z.object({ accepted: z.int() })

/** Posts reports whose bytes are ready: all that is left to do costs less than a tenth of what the api has to do. */
export interface Sender {
  /** Sends one. @throws Error where it is not taken. @returns how many events were */
  send(report: Report): Promise<number>
  /** Sends all, so many at a time. @returns how many events were taken */
  sendAll(reports: readonly Report[], inFlight: number): Promise<number>
  close(): void
}

export function createSender(apiUrl: string, secret: string): Sender {
  const url = new URL('/v1/usage', apiUrl)
  const agent = new Agent({ keepAlive: true })
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${secret}` }

  const send = async ({ body, idempotencyKey }: Report): Promise<number> => {
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    const asked = request(
      url,
      {
        agent,
        method: 'POST',
        headers: { ...headers, 'content-length': body.length, 'idempotency-key': idempotencyKey },
      },
      (answer) => {
        json(answer).then((said) => {
          if (answer.statusCode === 202) resolve(answerSchema.parse(said).accepted)
          else reject(new Error(`a report was answered ${answer.statusCode}: ${JSON.stringify(said)}`))
        }, reject)
      },
    )
    asked.on('error', reject)
    asked.end(body)
    return promise
  }

  return {
    send,
    async sendAll(reports, inFlight) {
      const rest = reports.values()
      let taken = 0
      const sendSome = async () => {
        for (const report of rest) {
          const accepted = await send(report)
          taken += accepted
        }
      }
      await Promise.all(Array.from({ length: inFlight }, sendSome))
      return taken
    },
    close: () => agent.destroy(),
  }
}
