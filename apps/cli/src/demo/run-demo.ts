import { randomUUID } from 'node:crypto'
import { type Demo, generateDemo } from '@momentry/shared/demo/generate.ts'
import { watchAlerts } from '../api/alert-stream.ts'
import type { ApiClient } from '../api/client.ts'
import { alertLine, isAnomalyAlert } from '../commands/anomaly/alert-line.ts'
import { exitCodes } from '../exit-codes.ts'
import { cutBatches } from '../import/batches/cut-batches.ts'
import { type BatchToSend, sendBatches } from '../import/batches/send-batches.ts'
import { hashOf } from '../import/progress-file.ts'
import { createProgress } from '../output/progress.ts'
import type { Connection, Session } from '../session.ts'
import { type Comparison, compareWithPlanted } from './compare.ts'
import { runLive } from './live.ts'
import { makeDemoKeys } from './make-keys.ts'
import { showComparison } from './show-comparison.ts'

export interface DemoOptions {
  seed: number
  keys: number
  days: number
  /** Print alerts as they come, and wait until what was planted is found. */
  follow: boolean
  /** Afterwards validate with the keys, until it is stopped. */
  live: boolean
}

const batchSize = 1000
const retryForMs = 60_000

/** Makes keys, reports made-up usage to them and compares what detection finds with what was planted. */
export async function runDemo(session: Session, options: DemoOptions): Promise<void> {
  const { out, signal } = session
  const connection = await session.connect()
  const demo = generateDemo({ ...options, now: Date.now() })
  // Every run has keys of its own: to those of an earlier one, the same days would come a second time.
  const run = randomUUID()
  const names = { run, seed: options.seed }
  const keys = await makeDemoKeys(connection.api, demo, names)
  const keyIds = keys.map(({ id }) => id)
  const done = new AbortController()
  const until = AbortSignal.any([signal, done.signal])
  const watching = options.follow ? watch(session, connection, new Set(keyIds), until) : Promise.resolve()
  try {
    await report(session, connection.api, demo, keyIds, run)
    const live = options.live ? runLive({ api: connection.api, signal: until, demo, keys, run: names }) : undefined
    // It is waited for below; that it failed before is told there.
    live?.catch(() => undefined)
    if (options.follow) await compare(session, connection.api, demo, keyIds)
    else showReported(session, demo, keyIds)
    if (live) out.note(`live traffic goes on until Ctrl-C; look at it: ${connection.baseUrl}/console/`)
    await live
  } finally {
    done.abort()
    await watching
  }
}

async function compare(
  { host, out, signal }: Session,
  api: ApiClient,
  demo: Demo,
  keyIds: readonly string[],
): Promise<void> {
  const comparison = await compareWithPlanted({ api, signal, keyIds, demo })
  showComparison(out, demo, keyIds, comparison)
  if (!isComplete(comparison)) host.exitCode = exitCodes.failed
}

/** Prints the anomalies of these keys as they come. */
async function watch({ out }: Session, connection: Connection, own: Set<string>, signal: AbortSignal): Promise<void> {
  await watchAlerts({
    ...connection,
    signal,
    onAlert: (alert) => {
      const { keyId } = alert.data
      if (isAnomalyAlert(alert.type) && keyId !== undefined && own.has(keyId) && !out.json)
        out.line(alertLine(alert, out.style))
    },
    onState: () => undefined,
  }).catch((error) => {
    out.note(`no alerts can be shown: ${error instanceof Error ? error.message : 'unknown failure'}`)
  })
}

async function report(
  { out }: Session,
  api: ApiClient,
  demo: Demo,
  keyIds: readonly string[],
  run: string,
): Promise<void> {
  out.note(`reporting ${demo.events.length} events of ${demo.keys.length} keys`)
  const bar = createProgress(out, 'sending', demo.events.length)
  let sent = 0
  try {
    await sendBatches(toReports(demo, keyIds, run), {
      api,
      retryForMs,
      onRetry: (reason) => bar.note(`${reason}; trying again`),
      onAcknowledged({ events }) {
        sent += events.length
        bar.update(sent)
      },
    })
  } finally {
    bar.stop()
  }
}

function* toReports({ events }: Demo, keyIds: readonly string[], run: string): Generator<BatchToSend> {
  for (const { index, from, to } of cutBatches(events, batchSize)) {
    const reports = events.slice(from, to).map(({ key, at, ip, status }) => ({
      keyId: keyIds[key] ?? '',
      at: new Date(at).toISOString(),
      ip,
      status,
    }))
    yield { idempotencyKey: hashOf('demo', run, 'events', String(index)), events: reports }
  }
}

function showReported({ out }: Session, demo: Demo, keyIds: readonly string[]): void {
  const planted = demo.planted.map(({ key, rule }) => ({ keyId: keyIds[key], rule }))
  if (out.json) out.document({ keys: keyIds, events: demo.events.length, planted })
  else
    out.line(
      `Reported ${demo.events.length} events; ${planted.length} anomalies are planted in them. See them: momentry anomaly list`,
    )
}

function isComplete({ found, planted }: Comparison): boolean {
  return planted.every((each) => found.has(each))
}
