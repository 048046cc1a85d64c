import { publicKeyId, verifyWith } from '../../platform/sign.ts'
import type { BrokenRow, ChainedRow } from '../chain.ts'
import { type LogDay, type Walked, walkLog } from '../walk.ts'
import { type Intro, introSchema, type Line, lineSchema } from './format.ts'

export interface ExportVerification {
  valid: boolean
  rows: number
  broken?: BrokenRow
  /** Why the file cannot be read on from some line; the rows before it are in order. */
  problem?: string
  /** By which the heads were checked. */
  keyId: string
  from: string | null
  to: string | null
}

/** Rows that are looked at together. */
const pageSize = 1000

/**
 * Checks an export without a server: that its rows are chained, that each day ends where its signed head says, and that
 * nothing is cut off. What lies before its first day and after its last it cannot know.
 * @param lines of the file, in order
 * @param publicKey 32 bytes in base64, from a place that whoever may have changed the file could not change; undefined:
 *   the one that the file itself names, which proves only that nothing broke by accident
 * @throws Error, for people, where the file is no export at all
 */
export async function verifyExport(lines: AsyncIterable<string>, publicKey?: string): Promise<ExportVerification> {
  const reader = createLineReader(lines)
  const intro = await reader.intro()
  const key = publicKey ?? intro.publicKey.key
  const keyId = publicKeyId(key)
  const about = { keyId, from: intro.from, to: intro.to }
  let walked: Walked
  try {
    walked = await walkLog(readDays(reader), {
      isPiece: intro.from !== null,
      verify: (text, signature) => signature.keyId === keyId && verifyWith(key, text, signature.bytes),
    })
  } catch (error) {
    if (!(error instanceof UnreadableLine)) throw error
    return { ...about, valid: false, rows: reader.rows(), problem: error.message }
  }
  if (walked.broken) return { ...about, valid: false, rows: walked.rows, broken: walked.broken }
  const end = await reader.next()
  if (!end || !('end' in end) || end.end.rows !== walked.rows || (await reader.next()))
    return {
      ...about,
      valid: false,
      rows: walked.rows,
      problem: `line ${reader.number()}: its end is not as it was written`,
    }
  return { ...about, valid: true, rows: walked.rows }
}

class UnreadableLine extends Error {}

type LineReader = ReturnType<typeof createLineReader>

function createLineReader(lines: AsyncIterable<string>) {
  const iterator = lines[Symbol.asyncIterator]()
  let number = 0
  let rows = 0
  let ahead: Line | undefined
  const read = async (): Promise<Line | undefined> => {
    const { done, value } = await iterator.next()
    if (done) return undefined
    number += 1
    const line = lineSchema.safeParse(parse(value)).data
    if (!line) throw new UnreadableLine(`line ${number} is none of an export`)
    if ('row' in line) rows += 1
    return line
  }
  return {
    number: () => number,
    rows: () => rows,
    async intro(): Promise<Intro> {
      const { value } = await iterator.next()
      number += 1
      const intro = introSchema.safeParse(parse(value)).data
      if (!intro) throw new Error('this is no export of an audit log')
      return intro
    },
    async peek(): Promise<Line | undefined> {
      ahead ??= await read()
      return ahead
    },
    async next(): Promise<Line | undefined> {
      const line = ahead ?? (await read())
      ahead = undefined
      return line
    },
  }
}

async function* readDays(reader: LineReader): AsyncGenerator<LogDay> {
  for (;;) {
    const line = await reader.peek()
    if (!line || !('head' in line)) return
    await reader.next()
    yield { head: line.head, rows: () => readRows(reader) }
  }
}

async function* readRows(reader: LineReader): AsyncGenerator<ChainedRow[]> {
  let page: ChainedRow[] = []
  for (let line = await reader.peek(); line && 'row' in line; line = await reader.peek()) {
    await reader.next()
    page.push(line.row)
    if (page.length === pageSize) {
      yield page
      page = []
    }
  }
  if (page.length > 0) yield page
}

function parse(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined
  } catch {
    return undefined
  }
}
