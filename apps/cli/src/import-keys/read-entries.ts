import { pipeline } from 'node:stream'
import { parse } from 'csv-parse'
import { z } from 'zod'
import { readLines } from '../import/read/read-lines.ts'
import { parseJson } from '../parse-json.ts'

/** A line of a file of keys: what it says, or why it cannot be read. */
export type ReadEntry = { line: number } & ({ fields: Record<string, unknown> } | { problem: string })

export type ImportFormat = 'ndjson' | 'csv'

/** Of a line; metadata alone may have 8 KiB. */
const maxLineLength = 100_000

/** Reads keys, one a line: JSON objects, or CSV whose first line names the columns. Memory is bounded. */
export function readEntries(chunks: AsyncIterable<Buffer>, format: ImportFormat): AsyncGenerator<ReadEntry> {
  return format === 'csv' ? readCsv(chunks) : readNdjson(chunks)
}

async function* readNdjson(chunks: AsyncIterable<Buffer>): AsyncGenerator<ReadEntry> {
  for await (const { number: line, text } of readLines(chunks, maxLineLength)) {
    // Without white space, and without the mark that some programs put before all.
    const json = text.trim()
    if (json === '') continue
    const fields = z.record(z.string(), z.unknown()).safeParse(parseJson(json)).data
    if (text.length > maxLineLength) yield { line, problem: `is longer than ${maxLineLength} characters` }
    else yield fields ? { line, fields } : { line, problem: 'is no JSON object' }
  }
}

const csvRecord = z.object({ record: z.record(z.string(), z.string()), info: z.object({ lines: z.number() }) })

async function* readCsv(chunks: AsyncIterable<Buffer>): AsyncGenerator<ReadEntry> {
  const skipped: ReadEntry[] = []
  const parser = parse({
    bom: true,
    columns: (names: string[]) => names.map((name) => name.trim()),
    info: true,
    max_record_size: maxLineLength,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: (error) => {
      skipped.push({
        line: typeof error?.['lines'] === 'number' ? error['lines'] : 0,
        problem: error?.message ?? 'cannot be read',
      })
      return undefined
    },
  })
  // A failure to read ends the reading of what is parsed, too.
  pipeline(chunks, parser, () => undefined)
  for await (const each of parser) {
    yield* skipped.splice(0)
    const { record, info } = csvRecord.parse(each)
    yield { line: info.lines, fields: fromCells(record) }
  }
  yield* skipped
}

/** A cell that is empty says nothing; scopes are apart by spaces or commas; `metadata.x` is a field of the metadata. */
function fromCells(cells: Record<string, string>): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  const metadata: Record<string, unknown> = {}
  for (const [name, cell] of Object.entries(cells)) {
    if (cell === '') continue
    if (name.startsWith('metadata.')) metadata[name.slice('metadata.'.length)] = cell
    else if (name === 'scopes') fields[name] = cell.split(/[\s,]+/).filter(Boolean)
    else if (name === 'metadata' || name === 'policy') fields[name] = parseJson(cell) ?? cell
    else fields[name] = cell
  }
  if (Object.keys(metadata).length > 0) fields['metadata'] = { ...asObject(fields['metadata']), ...metadata }
  return fields
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {}
}
