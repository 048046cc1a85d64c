import type { Command } from 'commander'
import { z } from 'zod'
import { auditVerdictSchema } from '../../api/shapes.ts'
import { readAnchor, writeAnchor } from '../../audit/anchor.ts'
import { readPublicKey } from '../../audit/public-key.ts'
import { tellAdopted, verifyFile } from '../../audit/verify-file.ts'
import { exitCodes } from '../../exit-codes.ts'
import { usageFailure } from '../../failure.ts'
import { parseDay } from '../../input/arguments.ts'
import type { OpenSession, Session } from '../../session.ts'
import { examples } from '../examples.ts'

const optionsSchema = z.object({
  anchor: z.string().optional(),
  from: z.string().optional(),
  file: z.string().optional(),
  publicKey: z.string().optional(),
})

/** As long as a log of some millions of rows takes. */
const timeoutMs = 600_000

export function addVerify(group: Command, open: OpenSession): void {
  group
    .command('verify')
    .description('Check the audit log. Exit code 0 only if no row was changed, added or taken away.')
    .option('--anchor <file>', 'keep in this file how far the log was; next time, a log that was set back is told')
    .option('--from <day>', 'begin with this day (UTC), where the log is known to be broken before it', parseDay)
    .option('--file <file>', 'check an export, without a server; - is standard input')
    .option('--public-key <key>', 'the key that must have signed the export (`audit public-key`), or a file with it')
    .addHelpText(
      'after',
      examples([
        'momentry audit verify --anchor ~/audit.anchor',
        'momentry audit verify --file january.ndjson.gz --public-key audit.pub',
      ]),
    )
    .action(async (options: unknown, command: Command) => {
      const { file, publicKey, anchor, from } = optionsSchema.parse(options)
      const session = open(command)
      if (file === undefined) return verifyServer(session, { file: anchor, from })
      if (anchor !== undefined || from !== undefined)
        throw usageFailure('--anchor and --from are for the log of the server, not for --file')
      await verifyFile(session, file, publicKey === undefined ? undefined : await readPublicKey(publicKey))
    })
}

async function verifyServer(
  { host, out, connect }: Session,
  { file, from }: { file: string | undefined; from: string | undefined },
): Promise<void> {
  const { api } = await connect()
  const anchor = file === undefined ? undefined : await readAnchor(file)
  const query = { from, anchorSeq: anchor?.seq, anchorHash: anchor?.hash }
  const request = { method: 'GET', path: '/v1/audit/verify', timeoutMs, query } as const
  const verdict = await api.call(auditVerdictSchema, request)
  if (!verdict.valid) host.exitCode = exitCodes.failed
  else if (file !== undefined && verdict.head) await writeAnchor(file, verdict.head)
  if (out.json) return out.document(verdict)
  if (!verdict.valid)
    return out.line(`${out.style('red', 'broken')}: the first bad row is ${verdict.firstBroken}: ${verdict.reason}`)
  const found = verdict.anchored ? 'still holds' : 'no longer reaches back to'
  const since = anchor ? `, and ${found} row ${anchor.seq} ${verdict.anchored ? 'as it was' : ''}`.trimEnd() : ''
  out.line(`${out.style('green', 'intact')}: ${verdict.rows} rows, chained and signed${since}`)
  if (verdict.adopted) out.note(tellAdopted(verdict.adopted))
}
