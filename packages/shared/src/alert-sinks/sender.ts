import type { Alert } from '../alerts/alert.ts'
import type { SinkKind, SinkTarget } from './schemas.ts'

/** Where a message goes, opened: this never leaves the process that sends. */
export interface OpenSink {
  id: string
  name: string
  kind: SinkKind
  /** All of it, with what is secret: Slack's URL, PagerDuty's routing key. */
  target: SinkTarget
  /** Of a webhook: `whsec_…`, which signs. */
  secret?: string
  /** Of a webhook whose secret was replaced lately: it signs too. */
  previousSecret?: string
}

/** One message to one sink, of one alert or of several. */
export interface Message {
  /** The delivery's id: the same at each attempt, so that a receiver tells what comes twice. */
  id: string
  sink: OpenSink
  /** In the order of the log; empty for a test and for what resolves. 100 at the most. */
  alerts: readonly { seq: number; alert: Alert }[]
  /** Alerts that belong to it beside those, and are left out: the log has them. */
  omitted: number
  test: boolean
  /** The anomaly that is over, where the message says that; only PagerDuty's sender gets such. */
  resolves?: string
}

/** How it went. An error is one line for people, without secrets. */
export type Sent =
  | { ok: true; status?: number }
  | {
      ok: false
      /** The HTTP or SMTP status, where there was one. */
      status?: number
      error: string
      /** The receiver said that it is gone for good (410): the sink is disabled. */
      gone?: boolean
      /** What the receiver asked for by 429 or 503. */
      retryAfterSeconds?: number
    }

/** Sends a message, once. Never throws: what goes wrong is in what it gives. Ends soon after the signal aborts. */
export type Send = (message: Message, signal: AbortSignal) => Promise<Sent>

/** The way to the sinks of one kind. */
export interface Sender {
  send: Send
  /** Ends connections that it holds. */
  close?(): Promise<void>
}

/** The ways to all kinds of sinks; `senders/senders.ts` makes it. */
export type Senders = Readonly<Record<SinkKind, Sender>>
