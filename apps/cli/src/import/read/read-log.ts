import type { Readable } from 'node:stream'
import { type AccessLogEntry, parseAccessLogLine } from '@momentry/shared/access-log/parse.ts'
import { hideSecrets } from '@momentry/shared/platform/hide-secrets.ts'
import { maxAheadMs, usageEventSchema } from '@momentry/shared/usage/event.ts'
import { exitCodes } from '../../exit-codes.ts'
import { CliFailure } from '../../failure.ts'
import { createEventColumns, type EventColumns, maxEvents } from '../event-columns.ts'
import { openLog } from './open-log.ts'
import { readLines } from './read-lines.ts'

/** Unreadable lines of which number and reason are kept; all of them are counted. */
const maxKept = 1000

export interface UnreadableLine {
  line: number
  reason: string
  /** The beginning of the line. */
  text: string
}

export interface ReadLog {
  /** SHA-256 of the file, in hex. */
  digest: string
  /** Lines of the file, blank ones not counted. */
  lines: number
  events: EventColumns
  unreadable: { count: number; lines: UnreadableLine[] }
}

export interface ReadLogOptions {
  /** A path, or `-` for standard input. */
  file: string
  stdin: Readable
  /** Gives the value that an entry's key is named after. */
  nameOf(entry: AccessLogEntry): string
  /** The present, in milliseconds since 1970: the server refuses events of the future. */
  now: number
}

/**
 * Reads a whole log before anything is sent, since its events are sent in order of time.
 * @throws CliFailure where it cannot be read to its end, or holds too much
 */
export async function readLog({ file, stdin, nameOf, now }: ReadLogOptions): Promise<ReadLog> {
  const log = openLog(file, stdin)
  const events = createEventColumns()
  const unreadable: ReadLog['unreadable'] = { count: 0, lines: [] }
  const addressOf = createAddressCheck()
  let lines = 0
  try {
    for await (const { number, text } of readLines(log.chunks)) {
      if (text.trim() === '') continue
      lines += 1
      const parsed = parseAccessLogLine(text)
      const reason = parsed.ok ? timeReason(parsed.entry, now) : parsed.reason
      if (parsed.ok && reason === undefined) {
        const { entry } = parsed
        events.add({ at: entry.at, value: nameOf(entry), ip: addressOf(entry.ip), status: entry.status })
        continue
      }
      unreadable.count += 1
      if (unreadable.lines.length < maxKept) {
        unreadable.lines.push({ line: number, reason: reason ?? '', text: excerpt(text) })
      }
    }
  } catch (error) {
    throw readFailure(file, error)
  }
  return { digest: log.digest(), lines, events, unreadable }
}

/** Copied, so that it does not keep the chunk of the file alive that it was cut from. */
function excerpt(line: string): string {
  return Buffer.from(hideSecrets(line).slice(0, 100)).toString()
}

function timeReason(entry: AccessLogEntry, now: number): string | undefined {
  if (entry.at < 0) return 'its time lies before 1970'
  return entry.at > now + maxAheadMs ? 'its time lies in the future' : undefined
}

/** An address that the API would refuse is left out, so that one odd line does not fail a batch. */
function createAddressCheck(): (ip: string | undefined) => string | undefined {
  const known = new Map<string, boolean>()
  return (ip) => {
    if (ip === undefined) return undefined
    let isFine = known.get(ip)
    if (isFine === undefined) {
      isFine = usageEventSchema.shape.ip.safeParse(ip).success
      known.set(ip, isFine)
    }
    return isFine ? ip : undefined
  }
}

function readFailure(file: string, error: unknown): CliFailure {
  const name = file === '-' ? 'standard input' : file
  if (error instanceof RangeError) {
    return new CliFailure(exitCodes.usage, `${name} holds more than ${maxEvents} events: split it and import the parts`)
  }
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return new CliFailure(exitCodes.usage, `${name}: no such file`)
  if (code === 'EISDIR') return new CliFailure(exitCodes.usage, `${name} is a directory`)
  const reason = code === 'Z_BUF_ERROR' ? 'it is cut short' : error instanceof Error ? error.message : 'unknown failure'
  return new CliFailure(exitCodes.failed, `cannot read ${name}: ${reason}; nothing was sent`, { cause: error })
}
