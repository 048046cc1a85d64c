import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Command } from 'commander'
import { z } from 'zod'
import { download } from '../../api/download.ts'
import { parseDay } from '../../input/arguments.ts'
import type { Output } from '../../output/output.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'

const optionsSchema = z.object({ from: z.string().optional(), to: z.string().optional(), out: z.string().optional() })

/** Bytes: a second's worth or two. */
const noteEvery = 100_000_000

export function addExport(group: Command, open: OpenSession): void {
  group
    .command('export')
    .description('Write whole days of the log as lines of JSON, which `audit verify --file` checks without the server.')
    .option('--from <day>', 'the first day (UTC): 2026-01-05; default: from the beginning', parseDay)
    .option('--to <day>', 'the last day; default: to the end', parseDay)
    .option('--out <file>', 'write to this file, packed where its name ends in .gz; default: standard output')
    .addHelpText('after', examples(['momentry audit export --from 2026-01-01 --to 2026-01-31 --out january.ndjson.gz']))
    .action(async (options: unknown, command: Command) => {
      const { from, to, out: file } = optionsSchema.parse(options)
      const { host, out, connect, signal } = open(command)
      const query = new URLSearchParams({ ...(from && { from }), ...(to && { to }) })
      const chunks = await download(await connect(), `/v1/audit/export?${query}`, signal)
      if (file === undefined) return pipeline(Readable.from(chunks), host.stdout, { end: false, signal })
      await save(tellProgress(out, chunks), file, signal)
      if (out.json) out.document({ file })
      else out.line(`The audit log is in ${file}; check it with: momentry audit verify --file ${file}`)
    })
}

/** Under another name until it is whole. */
async function save(chunks: AsyncIterable<Uint8Array>, file: string, signal: AbortSignal): Promise<void> {
  const unfinished = `${file}.part`
  const source = Readable.from(chunks)
  try {
    const target = createWriteStream(unfinished, { mode: 0o600 })
    if (file.endsWith('.gz')) await pipeline(source, createGzip(), target, { signal })
    else await pipeline(source, target, { signal })
    await rename(unfinished, file)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
}

/** Says how much has come, every so often. */
async function* tellProgress(out: Output, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const chunk of chunks) {
    const told = Math.floor(bytes / noteEvery)
    bytes += chunk.length
    if (Math.floor(bytes / noteEvery) > told) out.note(`${Math.floor(bytes / 1_000_000)} MB so far`)
    yield chunk
  }
}
