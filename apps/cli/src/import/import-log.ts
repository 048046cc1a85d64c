import type { KeyBy } from '@momentry/shared/access-log/key-value.ts'
import type { AccessLogEntry } from '@momentry/shared/access-log/parse.ts'
import { maxAheadMs } from '@momentry/shared/usage/event.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../failure.ts'
import type { Session } from '../session.ts'
import { cutBatches } from './batches/cut-batches.ts'
import type { BatchToSend } from './batches/send-batches.ts'
import type { SortedEvents } from './event-columns.ts'
import { findKeysOfImport, type KeysOfImport } from './keys-of-import.ts'
import { nameOfEntry } from './name-of-entry.ts'
import { batchIdempotencyKey, createProgressFile, type ImportProgress } from './progress-file.ts'
import { type ReadLog, readLog } from './read/read-log.ts'
import { sendImport } from './send-import.ts'
import { stillValid } from './still-valid.ts'

export interface ImportOptions {
  file: string
  target: { keyBy: KeyBy } | { keyId: string }
  /** undefined: what the interrupted import had, or 1,000. */
  batchSize: number | undefined
  retryForMs: number
  maxKeys: number
  restart: boolean
  onUnreadable(unreadable: ReadLog['unreadable']): void
}

export interface Imported {
  file: string
  lines: number
  events: number
  keys: { made: number; reused: number }
  unreadable: ReadLog['unreadable']
  batches: number
  /** Batches that an interrupted import had sent already. */
  resumedAt: number
  /** Set where nothing was left to do. */
  alreadyImportedAt?: string
  /** Times of the first and the last event, RFC 3339. */
  first: string
  last: string
  busiestKeyId: string
}

const defaultBatchSize = 1000

/** Imports an access log: reads it whole, finds or makes the keys, and sends what the server has not acknowledged yet. */
export async function importLog(session: Session, options: ImportOptions): Promise<Imported> {
  const { target, file } = options
  const now = Date.now()
  const { api, server } = await session.connect()
  const nameOf = (entry: AccessLogEntry) => ('keyBy' in target ? nameOfEntry(entry, target.keyBy) : '')
  const log = await readLog({ file, stdin: session.host.stdin, nameOf, now })
  options.onUnreadable(log.unreadable)
  const name = file === '-' ? 'standard input' : file
  if (log.lines === 0) throw new CliFailure(exitCodes.failed, `${name} is empty`)
  if (log.events.length === 0)
    throw new CliFailure(exitCodes.failed, `${name}: none of its ${log.lines} lines can be read`)
  const mapping = 'keyBy' in target ? `by ${target.keyBy}` : `key ${target.keyId}`
  const store = createProgressFile(session.dataDir, { digest: log.digest, mapping, server: server.identity })
  const before = options.restart ? undefined : await stillValid(api, await store.read(), session.out)
  const asOf = before?.asOf ?? new Date(now).toISOString()
  const events = log.events.sorted(Date.parse(asOf) + maxAheadMs)

  const keys = await findKeysOfImport(session, api, { ...options, values: log.events.values })
  const batchSize = before?.batchSize ?? options.batchSize ?? defaultBatchSize
  const batches = cutBatches(events, batchSize)
  const progress: ImportProgress = before ?? {
    file,
    server: server.identity,
    mapping,
    batchSize,
    asOf,
    batches: batches.length,
    events: events.length,
    anchorKeyId: keys.idOf(events.at(0).value),
    acknowledged: 0,
  }
  const summary = {
    file,
    lines: log.lines,
    events: events.length,
    keys: { made: keys.made, reused: keys.reused },
    unreadable: log.unreadable,
    batches: batches.length,
    resumedAt: progress.acknowledged,
    first: new Date(events.at(0).at).toISOString(),
    last: new Date(events.at(events.length - 1).at).toISOString(),
    busiestKeyId: busiestKey(events, keys),
  }
  if (progress.finishedAt !== undefined) return { ...summary, alreadyImportedAt: progress.finishedAt }

  const left = batches.slice(progress.acknowledged).map(({ index, from, to }) => ({
    from,
    to,
    idempotencyKey: batchIdempotencyKey(log.digest, mapping, batchSize, index),
  }))
  await sendImport({ session, api, store, progress, retryForMs: options.retryForMs }, toReports(left, events, keys))
  return summary
}

function* toReports(
  batches: readonly { from: number; to: number; idempotencyKey: string }[],
  events: SortedEvents,
  keys: KeysOfImport,
): Generator<BatchToSend> {
  for (const { from, to, idempotencyKey } of batches) {
    const reports = Array.from({ length: to - from }, (_, offset) => {
      const { at, value, ip, status } = events.at(from + offset)
      // Method and path stay here: the server keeps neither, and a path may hold what is nobody's business.
      return { keyId: keys.idOf(value), at: new Date(at).toISOString(), ip, status }
    })
    yield { idempotencyKey, events: reports }
  }
}

function busiestKey(events: SortedEvents, keys: KeysOfImport): string {
  const counts = new Map<string, number>()
  for (let index = 0; index < events.length; index += 1) {
    const { value } = events.at(index)
    counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  const [busiest] = [...counts].reduce((most, each) => (each[1] > most[1] ? each : most), ['', 0])
  return keys.idOf(busiest)
}
