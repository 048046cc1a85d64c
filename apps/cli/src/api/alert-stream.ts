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
  /** Begin after the alert with this number; undefined: with what comes from now on. */
  since?: number | undefined
  /** Ends the watching. */
  signal: AbortSignal
  /** @param id its number, to come back with */
  onAlert(alert: Alert, id: string): void
  /** Told when the connection stands, and when it is gone. */
  onState(text: string): void
}

/** An alert is a few hundred bytes. */
const maxEventCharacters = 1_000_000
/** The server says something every 15 s: a connection that is silent for longer is dead, though nobody said so. */
const silenceMs = 45_000

/**
 * Follows the server's stream of alerts (server-sent events). A lost connection is taken up again with `Last-Event-ID`,
 * so that the server sends what was missed: each alert comes once, in the order of its number. Resolves when the signal
 * aborts.
 * @throws CliFailure where the server refuses; once it has let us in, only where it is for good
 */
export async function watchAlerts(options: WatchOptions): Promise<void> {
  const { signal, onState, since } = options
  const position: Position = { lastEventId: since === undefined ? undefined : String(since), tries: 0, letIn: false }
  while (!signal.aborted) {
    const headers = await tryToFollow(options, position)
    if (signal.aborted) return
    if (position.tries === 0) onState('the connection is lost; connecting again')
    position.tries += 1
    await sleep(retryDelayMs(position.tries, headers), undefined, { signal }).catch(() => undefined)
  }
}

/** @returns the headers of what the server answered, if it did */
async function tryToFollow(options: WatchOptions, position: Position): Promise<Headers | undefined> {
  try {
    return await follow(options, position)
  } catch (error) {
    if (error instanceof CliFailure && error.exitCode !== exitCodes.unreachable && !options.signal.aborted) throw error
    return undefined
  }
}

interface Position {
  lastEventId: string | undefined
  /** How often connecting has failed since it last worked. */
  tries: number
  /** It has worked before, so that the key is good. */
  letIn: boolean
}

/** Follows one connection until it ends, and gives the answer's headers. */
async function follow(options: WatchOptions, position: Position): Promise<Headers> {
  const { baseUrl, key, signal, onAlert, onState } = options
  const headers = new Headers({ accept: 'text/event-stream' })
  if (key !== undefined) headers.set('authorization', `Bearer ${key}`)
  if (position.lastEventId !== undefined) headers.set('last-event-id', position.lastEventId)
  const url = `${baseUrl.replace(/\/+$/, '')}/v1/alerts/stream`
  const silence = watchSilence()
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.any([signal, silence.signal]), redirect: 'error' })
    const isForNow = response.status === 429 || response.status >= 500
    if (position.letIn && isForNow) {
      await response.body?.cancel()
      return response.headers
    }
    if (!response.ok) throw problemFailure(response, await readAnswer(response))
    onState(position.letIn ? 'connected again' : 'watching for alerts')
    position.letIn = true
    position.tries = 0
    const parser = createParser({
      maxBufferSize: maxEventCharacters,
      onEvent: (message) => {
        position.lastEventId = message.id ?? position.lastEventId
        const alert = readAlert(message)
        if (alert) onAlert(alert, position.lastEventId ?? '')
      },
    })
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) {
      silence.put()
      parser.feed(decoder.decode(chunk, { stream: true }))
    }
    return response.headers
  } finally {
    silence.end()
  }
}

/** Aborts its signal where nothing is put for too long. */
function watchSilence() {
  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(), silenceMs)
  return { signal: abort.signal, put: () => void timer.refresh(), end: () => clearTimeout(timer) }
}

function readAlert(message: EventSourceMessage): Alert | undefined {
  if (message.event !== 'alert') return undefined
  return alertSchema.safeParse(parseJson(message.data)).data
}
