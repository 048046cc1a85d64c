import { isDeeperThan } from '../../platform/json-depth.ts'
import type { ChainedRow } from '../chain.ts'
import { type Intro, introSchema, type Line, lineSchema } from './format.ts'

/** Rows that are looked at together. */
const pageSize = 1000

/** What bodies of the API may have (apps/api, middleware/body.ts), inside a row. */
const maxDepth = 40

export interface LineReader {
  /** Reads the first line. @throws Error, for people, where it is none of an export */
  intro(): Promise<Intro>
  /** The next line, left where it is. */
  peek(): Promise<Line | undefined>
  /** The next line; undefined where there is none, or none that can be read. */
  next(): Promise<Line | undefined>
  /** The rows that follow, some at a time. */
  rows(): AsyncGenerator<ChainedRow[]>
  /** Which line could not be read. */
  problem(): string | undefined
}

/** Reads an export line by line. A line that is none of an export ends it. */
export function createLineReader(lines: AsyncIterable<string>): LineReader {
  const iterator = lines[Symbol.asyncIterator]()
  let number = 0
  let ahead: Line | undefined
  let problem: string | undefined

  async function read(): Promise<Line | undefined> {
    if (problem !== undefined) return undefined
    const { done, value } = await iterator.next()
    if (done) return undefined
    number += 1
    const line = lineSchema.safeParse(parse(value)).data
    if (!line) problem = `line ${number} is none of an export`
    return line
  }
  async function peek(): Promise<Line | undefined> {
    ahead ??= await read()
    return ahead
  }
  return {
    problem: () => problem,
    peek,
    async intro() {
      const { value } = await iterator.next()
      number += 1
      const intro = introSchema.safeParse(parse(value)).data
      if (!intro) throw new Error('this is no export of an audit log')
      return intro
    },
    async next() {
      const line = await peek()
      ahead = undefined
      return line
    },
    async *rows() {
      let page: ChainedRow[] = []
      for (let line = await peek(); line && 'row' in line; line = await peek()) {
        ahead = undefined
        page.push(line.row)
        if (page.length < pageSize) continue
        yield page
        page = []
      }
      if (page.length > 0) yield page
    },
  }
}

function parse(text: unknown): unknown {
  try {
    return typeof text === 'string' && !isDeeperThan(maxDepth, Buffer.from(text)) ? JSON.parse(text) : undefined
  } catch {
    return undefined
  }
}
