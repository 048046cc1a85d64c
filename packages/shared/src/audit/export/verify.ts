import { publicKeyId, verifyWith } from '../../platform/sign.ts'
import type { BrokenRow } from '../chain.ts'
import { createWalk } from '../walk.ts'
import { endText, type Intro, type Line } from './format.ts'
import { createLineReader, type LineReader } from './read-lines.ts'

export interface ExportVerification {
  valid: boolean
  rows: number
  broken?: BrokenRow
  /** What is wrong with the file where no row is to blame; the rows before it are in order. */
  problem?: string
  /** By which the heads were checked. */
  keyId: string
  from: string | null
  to: string | null
  /** Rows up to this one are older than signatures: they were signed as they were found, at that time. */
  adopted?: { lastSeq: number; at: string }
}

/**
 * Checks an export without a server: that its rows are chained, that each day ends where its signed head says, and that
 * nothing is cut off at either end. What lies before its first day and after its last it cannot know.
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
  const { start, from, to } = intro
  const walk = createWalk({
    verify: (text, signature) => signature.keyId === keyId && verifyWith(key, text, signature.bytes),
    start: start ? { seq: start.seq, hash: Buffer.from(start.hash, 'hex') } : undefined,
  })
  const tell = (bad: Pick<ExportVerification, 'broken' | 'problem'> = {}): ExportVerification => {
    const { rows, adopted } = walk.walked()
    return {
      valid: bad.broken === undefined && bad.problem === undefined,
      rows,
      ...bad,
      ...{ keyId, from, to },
      ...(adopted?.adoptedAt && { adopted: { lastSeq: adopted.lastSeq, at: adopted.adoptedAt.toISOString() } }),
    }
  }
  for (let line = await reader.peek(); line && 'head' in line; line = await reader.peek()) {
    await reader.next()
    const broken = await walk.follow({ head: line.head, rows: () => reader.rows() })
    const unreadable = reader.problem()
    if (unreadable !== undefined) return tell({ problem: unreadable })
    if (broken) return tell({ broken })
  }
  const end = await reader.next()
  const problem = reader.problem() ?? judgeEnd(intro, end, { walk, key }) ?? (await judgeRest(reader))
  if (problem !== undefined) return tell({ problem })
  const broken = walk.end({ isPiece: to !== null })
  return tell(broken && { broken })
}

/** Tells what is wrong with the last line: it must be there, and must be the one that was signed with the first. */
function judgeEnd(
  intro: Intro,
  line: Line | undefined,
  { walk, key }: { walk: ReturnType<typeof createWalk>; key: string },
): string | undefined {
  if (!line || !('end' in line)) return 'its end is missing: it was cut off'
  const { rows, head } = walk.walked()
  const { end } = line
  if (!verifyWith(key, endText(intro, end), Buffer.from(end.signature, 'hex')))
    return 'its end is not signed by this key: whole days may be cut off'
  if (end.rows !== rows || end.seq !== (head?.lastSeq ?? 0)) return 'rows are missing: its end knows of others'
  return undefined
}

async function judgeRest(reader: LineReader): Promise<string | undefined> {
  const line = await reader.next()
  return line || reader.problem() ? 'something follows its end' : undefined
}
