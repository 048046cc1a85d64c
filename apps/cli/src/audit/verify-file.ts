import { type ExportVerification, verifyExport } from '@momentry/shared/audit/export/verify.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../failure.ts'
import type { Host } from '../host.ts'
import { openLog } from '../import/read/open-log.ts'
import { readLines } from '../import/read/read-lines.ts'
import type { Session } from '../session.ts'

/** A row holds what was changed before and after: two keys' metadata, scopes and policies at the most. */
const maxRowLength = 1_000_000

/** Checks an export, and tells what came of it. @param publicKey undefined: the file's own */
export async function verifyFile({ host, out }: Session, file: string, publicKey: string | undefined): Promise<void> {
  const verdict = await read(host, file, publicKey)
  if (!verdict.valid) host.exitCode = exitCodes.failed
  if (out.json) return out.document(verdict)
  if (publicKey === undefined)
    out.note('Checked by the key that the file itself names: give --public-key to know who signed it.')
  if (verdict.valid) {
    const range = `${verdict.from ?? 'the beginning'} to ${verdict.to ?? 'its end'}`
    out.line(`${out.style('green', 'intact')}: ${verdict.rows} rows, from ${range}, signed by key ${verdict.keyId}`)
    if (verdict.adopted) out.note(tellAdopted(verdict.adopted))
    return
  }
  const why = verdict.broken ? `the first bad row is ${verdict.broken.seq}: ${verdict.broken.reason}` : verdict.problem
  out.line(`${out.style('red', 'broken')}: ${why}`)
}

/** What signatures do not prove of a log that is older than they are. */
export function tellAdopted({ lastSeq, at }: { lastSeq: number; at: string }): string {
  return `Rows up to ${lastSeq} are older than signatures: they were signed as they were found, on ${at.slice(0, 10)}.`
}

async function read(host: Host, file: string, publicKey: string | undefined): Promise<ExportVerification> {
  try {
    return await verifyExport(texts(host, file), publicKey)
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it cannot be read'
    throw new CliFailure(exitCodes.failed, `${file}: ${reason}`)
  }
}

async function* texts({ stdin }: Host, file: string): AsyncGenerator<string> {
  for await (const { text } of readLines(openLog(file, stdin).chunks, maxRowLength)) yield text
}
