import { stat } from 'node:fs/promises'
import { keyTypes } from '@momentry/shared/keys/kinds.ts'
import { type Command, Option } from 'commander'
import { z } from 'zod'
import { exitCodes } from '../../exit-codes.ts'
import { CliFailure } from '../../failure.ts'
import { openLog } from '../../import/read/open-log.ts'
import { type ImportFormat, type ReadEntry, readEntries } from '../../import-keys/read-entries.ts'
import { openReport, type Refused } from '../../import-keys/refused-report.ts'
import { type LineKey, sendKeys } from '../../import-keys/send-keys.ts'
import { type KeyDefaults, toKey } from '../../import-keys/to-key.ts'
import { gather } from '../../input/arguments.ts'
import { createProgress } from '../../output/progress.ts'
import type { OpenSession, Session } from '../../session.ts'
import { examples } from '../examples.ts'

const optionsSchema = z.object({
  format: z.enum(['ndjson', 'csv']).optional(),
  type: z.string().optional(),
  prefix: z.string().optional(),
  owner: z.string().optional(),
  scope: z.array(z.string()).optional(),
  dryRun: z.boolean().default(false),
  refused: z.string().optional(),
})

/** Of refused lines, so many are shown; a file has all. */
const shownRefused = 20

export function addImport(group: Command, open: OpenSession): void {
  group
    .command('import')
    .description('Take in keys that another system issued, by the SHA-256 of their secrets: they validate unchanged.')
    .argument('<file>', 'lines of JSON, or CSV, also as gzip; - is standard input')
    .addOption(new Option('--format <format>', 'default: by the name of the file').choices(['ndjson', 'csv']))
    .addOption(
      new Option('--type <type>', 'of keys that do not say theirs').choices(
        keyTypes.filter((type) => type !== 'emergency'),
      ),
    )
    .option('--prefix <text>', 'how secrets begin, of keys that do not say it: sk_live_')
    .option('--owner <id>', 'of keys that do not say theirs')
    .option('--scope <scope>', 'of keys that do not say theirs; several, or with commas', gather)
    .option('--dry-run', 'only tell what would be done')
    .option('--refused <file>', 'write lines that are refused, with their reasons, into this file')
    .addHelpText(
      'after',
      `
Each key has a digest (hex or base64) and may have name, prefix, hint, type, ownerId, scopes, metadata, policy, expiresAt
and createdAt; in CSV a column each, scopes apart by spaces, and metadata.x for a field of the metadata. What is known
already stays as it is, so an import can be run again. Exit code 1 where lines were refused.
${examples(['momentry api-key import keys.ndjson --dry-run', 'momentry api-key import keys.csv --prefix sk_live_ --refused refused.ndjson'])}`,
    )
    .action(async (file: string, options: unknown, command: Command) => {
      const { format, type, prefix, owner, scope, dryRun, refused } = optionsSchema.parse(options)
      const defaults = { type, prefix, ownerId: owner, scopes: scope }
      await run(open(command), { file, format: format ?? formatOf(file), defaults, dryRun, refusedFile: refused })
    })
}

interface Import {
  file: string
  format: ImportFormat
  defaults: KeyDefaults
  dryRun: boolean
  refusedFile: string | undefined
}

async function run(
  { host, out, connect }: Session,
  { file, format, defaults, dryRun, refusedFile }: Import,
): Promise<void> {
  const { api } = await connect()
  const bytes = file === '-' ? 0 : await sizeOf(file)
  const report = await openReport(refusedFile)
  const progress = createProgress(out, dryRun ? 'checking' : 'importing', bytes)
  let read = 0
  const chunks = counted(openLog(file, host.stdin).chunks, (length) => {
    read += length
  })
  let unreadable = 0
  const note = async (refused: Refused) => {
    await report.add(refused)
    if (!out.json && report.count() <= shownRefused) progress.note(`line ${refused.line}: ${refused.reason}`)
  }
  const keys = toKeys(readEntries(chunks, format), defaults, (refused) => {
    unreadable += 1
    return note(refused)
  })
  const counts = await sendKeys(keys, {
    api,
    dryRun,
    onRefused: note,
    onSent: () => progress.update(Math.min(read, bytes)),
  }).finally(() => progress.stop())
  await report.close()
  const outcome = { ...counts, refused: counts.refused + unreadable, dryRun }
  if (outcome.refused > 0) host.exitCode = exitCodes.failed
  if (out.json) return out.document(outcome)
  out.line(
    `${dryRun ? 'Would import' : 'Imported'} ${outcome.imported} keys; ${outcome.existing} were known; ${outcome.refused} refused.`,
  )
}

async function* toKeys(
  entries: AsyncIterable<ReadEntry>,
  defaults: KeyDefaults,
  onUnreadable: (refused: Refused) => Promise<void>,
): AsyncGenerator<LineKey> {
  for await (const entry of entries) {
    if ('problem' in entry) await onUnreadable({ line: entry.line, reason: entry.problem })
    else yield { line: entry.line, key: toKey(entry.fields, defaults) }
  }
}

async function* counted(chunks: AsyncIterable<Buffer>, onRead: (length: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    onRead(chunk.length)
    yield chunk
  }
}

function formatOf(file: string): ImportFormat {
  return /\.csv(\.gz)?$/i.test(file) ? 'csv' : 'ndjson'
}

async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch(() => undefined)
  if (!found?.isFile()) throw new CliFailure(exitCodes.usage, `there is no file ${file}`)
  return found.size
}
