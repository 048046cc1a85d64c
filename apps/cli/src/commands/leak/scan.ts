import { access } from 'node:fs/promises'
import type { Command } from 'commander'
import { z } from 'zod'
import { validationSchema } from '../../api/shapes.ts'
import { exitCodes } from '../../exit-codes.ts'
import { usageFailure } from '../../failure.ts'
import { gather } from '../../input/arguments.ts'
import { type Find, scanPaths } from '../../leaks/scan.ts'
import { scanBytes, showSecret } from '../../leaks/scan-bytes.ts'
import type { OpenSession, Session } from '../../session.ts'
import { examples } from '../examples.ts'

const optionsSchema = z.object({
  history: z.boolean().default(true),
  exclude: z.array(z.string()).default([]),
  check: z.boolean().default(false),
})

/** How often people are told how far it is. */
const everyFiles = 10_000

export function addScan(group: Command, open: OpenSession): void {
  group
    .command('scan')
    .description('Find our secrets in files and in the whole history of their git repositories. Exit code 1 on a find.')
    .argument('<path...>', 'files and directories; - is standard input')
    .option('--no-history', 'only files as they are now')
    .option('--exclude <glob>', 'leave these paths out: node_modules, "**/*.log"', gather)
    .option('--check', 'ask the server which of them are still good')
    .addHelpText(
      'after',
      `
It needs no server: our secrets are told by their prefix and their checksum, so a find is no chance. It shows only the
last characters of each, as the list of keys does. What no branch, tag or remote reaches is not in the history.
${examples(['momentry leak scan .', 'momentry leak scan . --no-history --exclude node_modules', 'git diff --staged | momentry leak scan -'])}`,
    )
    .action(async (paths: string[], options: unknown, command: Command) => {
      const { history, exclude, check } = optionsSchema.parse(options)
      const session = open(command)
      const { out } = session
      await requirePaths(paths)
      const codes = check ? createChecker(session) : undefined
      const all: (ReturnType<typeof tell> & { code?: string })[] = []
      for await (const find of findAll(session, paths, { history, exclude })) {
        const code = await codes?.(find.secret)
        const told = { ...tell(find), ...(code && { code }) }
        all.push(told)
        if (!out.json) out.line(lineOf(told))
      }
      if (all.length > 0) process.exitCode = exitCodes.failed
      if (out.json) return out.document({ found: all })
      if (all.length === 0) out.line(`${out.style('green', 'clean')}: no secret of Momentry's was found`)
      else
        out.note(
          `${all.length} found: rotate each key (momentry api-key rotate ID --forced), then take it out of there.`,
        )
    })
}

async function requirePaths(paths: readonly string[]): Promise<void> {
  for (const path of paths)
    if (path !== '-')
      await access(path).catch(() => {
        throw usageFailure(`there is no ${path}`)
      })
}

async function* findAll(
  { out, signal }: Session,
  paths: readonly string[],
  { history, exclude }: { history: boolean; exclude: readonly string[] },
): AsyncGenerator<Find> {
  if (paths.includes('-')) for await (const found of scanBytes(process.stdin)) yield { ...found, path: '-' }
  let files = 0
  yield* scanPaths(
    paths.filter((path) => path !== '-'),
    {
      ...{ history, exclude, signal },
      onUnreadable: (path, code) => out.note(`${path} cannot be read (${code})`),
      onFile() {
        files += 1
        if (files % everyFiles === 0) out.note(`${files} files and versions of files so far`)
      },
    },
  )
}

function tell({ path, line, commit, secret }: Find) {
  return { path, line, ...(commit && { commit }), secret: showSecret(secret) }
}

function lineOf({ path, line, commit, secret, code }: ReturnType<typeof tell> & { code?: string }): string {
  const where = commit === undefined ? `${path}:${line}` : `${commit.slice(0, 12)}:${path}:${line}`
  return `${where}  ${secret}${code === undefined ? '' : `  ${code}`}`
}

/** Gives what asks the server about each secret, once. */
function createChecker({ connect }: Session): (secret: string) => Promise<string> {
  const known = new Map<string, string>()
  return async (secret) => {
    const kept = known.get(secret)
    if (kept !== undefined) return kept
    const { api } = await connect({ key: 'optional' })
    const body = { key: secret, recordUsage: false }
    const { code } = await api.call(validationSchema, { method: 'POST', path: '/v1/keys/validate', body })
    known.set(secret, code)
    return code
  }
}
