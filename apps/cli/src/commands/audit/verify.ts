import { type Command, InvalidArgumentError } from 'commander'
import { z } from 'zod'
import { auditVerdictSchema } from '../../api/shapes.ts'
import { readAnchor, writeAnchor } from '../../audit/anchor.ts'
import { verifyFile } from '../../audit/verify-file.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { OpenSession, Session } from '../../session.ts'
import { examples } from '../examples.ts'

const optionsSchema = z.object({
  anchor: z.string().optional(),
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
    .option('--file <file>', 'check an export, without a server; - is standard input')
    .option('--public-key <key>', 'the key that must have signed the export (`audit public-key`)', parsePublicKey)
    .addHelpText(
      'after',
      examples([
        'momentry audit verify --anchor ~/audit.anchor',
        'momentry audit verify --file january.ndjson.gz --public-key "$(cat audit.pub)"',
      ]),
    )
    .action(async (options: unknown, command: Command) => {
      const { file, publicKey, anchor } = optionsSchema.parse(options)
      const session = open(command)
      if (file === undefined) await verifyServer(session, anchor)
      else await verifyFile(session, file, publicKey)
    })
}

async function verifyServer({ out, connect }: Session, file: string | undefined): Promise<void> {
  const { api } = await connect()
  const anchor = file === undefined ? undefined : await readAnchor(file)
  const query = anchor && { anchorSeq: anchor.seq, anchorHash: anchor.hash }
  const request = { method: 'GET', path: '/v1/audit/verify', timeoutMs, ...(query && { query }) } as const
  const verdict = await api.call(auditVerdictSchema, request)
  if (!verdict.valid) process.exitCode = exitCodes.failed
  else if (file !== undefined && verdict.head) await writeAnchor(file, verdict.head)
  if (out.json) return out.document(verdict)
  if (!verdict.valid)
    return out.line(`${out.style('red', 'broken')}: the first bad row is ${verdict.firstBroken}: ${verdict.reason}`)
  const since = anchor ? `, and still holds row ${anchor.seq} as it was` : ''
  out.line(`${out.style('green', 'intact')}: ${verdict.rows} rows, chained and signed${since}`)
}

function parsePublicKey(text: string): string {
  if (/^[A-Za-z0-9+/]{43}=$/.test(text.trim())) return text.trim()
  throw new InvalidArgumentError('must be 32 bytes in base64, as `audit public-key` shows it')
}
