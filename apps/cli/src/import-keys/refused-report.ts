import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { usageFailure } from '../failure.ts'

/** A line that was refused. */
export interface Refused {
  line: number
  reason: string
}

/** Where refused lines are written down. */
export interface RefusedReport {
  /** Resolves when more may follow. @throws what the file system says */
  add(refused: Refused): Promise<void>
  count(): number
  close(): Promise<void>
}

/**
 * Opens a report: lines of JSON in a file that others cannot read, or just their count.
 * @throws CliFailure where the file cannot be written
 */
export async function openReport(file: string | undefined): Promise<RefusedReport> {
  const stream = file === undefined ? undefined : await openFile(file)
  let count = 0
  return {
    async add(refused) {
      count += 1
      if (stream && !stream.write(`${JSON.stringify(refused)}\n`)) await once(stream, 'drain')
    },
    count: () => count,
    async close() {
      if (!stream) return
      stream.end()
      await finished(stream)
    },
  }
}

async function openFile(file: string): Promise<WriteStream> {
  const stream = createWriteStream(file, { mode: 0o600 })
  try {
    await once(stream, 'open')
  } catch (error) {
    throw usageFailure(`cannot write ${file}${error instanceof Error ? `: ${error.message}` : ''}`)
  }
  // Whoever writes next, or closes it, is told.
  stream.on('error', () => undefined)
  return stream
}
