import { createParser } from 'eventsource-parser'

export interface StreamEvent {
  id: string | undefined
  event: string | undefined
  data: string
}

export interface EventStream {
  /** All that came so far. */
  events: StreamEvent[]
  /** The `id` of each alert that came, as numbers. */
  seqs(): number[]
  /** Cuts the connection. */
  cut(): Promise<void>
  /** Resolves once the stream has ended, by whomever. */
  ended: Promise<void>
}

/** Opens a stream of server-sent events and gathers what comes. Resolves once it has been answered. */
export async function openEventStream(
  url: string,
  options: { key: string; lastEventId?: string | number },
): Promise<EventStream> {
  const leave = new AbortController()
  const headers = new Headers({ authorization: `Bearer ${options.key}` })
  if (options.lastEventId !== undefined) headers.set('last-event-id', String(options.lastEventId))
  const answer = await fetch(url, { headers, signal: leave.signal })
  if (answer.status !== 200) throw new Error(`the stream was not opened: ${answer.status}`)
  const events: StreamEvent[] = []
  const parser = createParser({ onEvent: ({ id, event, data }) => void events.push({ id, event, data }) })
  const read = async () => {
    const decoder = new TextDecoder()
    for await (const chunk of answer.body ?? []) parser.feed(decoder.decode(chunk, { stream: true }))
  }
  const ended = read().catch(() => undefined)
  return {
    events,
    seqs: () => events.filter(({ event }) => event === 'alert').map(({ id }) => Number(id)),
    ended,
    async cut() {
      leave.abort()
      await ended
    },
  }
}
