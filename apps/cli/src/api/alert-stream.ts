import { setTimeout as sleep } from 'node:timers/promises'
import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../failure.ts'
import { parseJson } from '../parse-json.ts'
import { readAnswer } from './answer.ts'
import { problemFailure } from './problem.ts'
import { retryDelayMs } from './retry.ts'
import { type Alert, alertSchema } from './shapes.ts'

export interface WatchOptions {
  baseUrl: string
  key: string | undefined
  /** Ends the watching. */
  signal: AbortSignal
  onAlert(alert: Alert): void
  /** Told when the connection stands, and when it is gone. */
  onState(text: string): void
}

/** An alert is a few hundred bytes. */
const maxEventCharacters = 1_000_000

/**
 * Follows the server's stream of alerts (server-sent events). A lost connection is taken up again with `Last-Event-ID`,
 * so that the server sends what was missed. Resolves when the signal aborts.
 * @throws CliFailure where the server refuses
 */
export async function watchAlerts(options: WatchOptions): Promise<void> {
  const { signal, onState } = options
  const position: Position = { lastEventId: undefined, tries: 0 }
  while (!signal.aborted) {
    try {
      await follow(options, position)
      onState('the connection ended; connecting again')
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof CliFailure && error.exitCode !== exitCodes.unreachable) throw error
      if (position.tries === 0) onState('the connection is lost; connecting again')
    }
    position.tries += 1
    await sleep(retryDelayMs(position.tries), undefined, { signal }).catch(() => undefined)
  }
}

interface Position {
  lastEventId: string | undefined
  /** How often connecting has failed since it last worked. */
  tries: number
}

async function follow({ baseUrl, key, signal, onAlert, onState }: WatchOptions, position: Position): Promise<void> {
  const headers = new Headers({ accept: 'text/event-stream' })
  if (key !== undefined) headers.set('authorization', `Bearer ${key}`)
  if (position.lastEventId !== undefined) headers.set('last-event-id', position.lastEventId)
  const url = `${baseUrl.replace(/\/+$/, '')}/v1/alerts/stream`
  const response = await fetch(url, { headers, signal, redirect: 'error' })
  if (!response.ok) throw problemFailure(response, await readAnswer(response))
  onState(position.lastEventId === undefined && position.tries === 0 ? 'watching for alerts' : 'connected again')
  position.tries = 0
  const parser = createParser({
    maxBufferSize: maxEventCharacters,
    onEvent: (message) => {
      position.lastEventId = message.id ?? position.lastEventId
      const alert = readAlert(message)
      if (alert) onAlert(alert)
    },
  })
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) parser.feed(decoder.decode(chunk, { stream: true }))
}

function readAlert(message: EventSourceMessage): Alert | undefined {
  if (message.event !== 'alert') return undefined
  return alertSchema.safeParse(parseJson(message.data)).data
}
