import { access } from 'node:fs/promises'
import { relative } from 'node:path'
import type { Command } from 'commander'
import { z } from 'zod'
import { validationSchema } from '../../api/shapes.ts'
import { exitCodes } from '../../exit-codes.ts'
import { CliFailure, usageFailure } from '../../failure.ts'
import { gather } from '../../input/arguments.ts'
import { type Find, type ScanOptions, scanPaths } from '../../leaks/scan.ts'
import { scanBytes, showSecret } from '../../leaks/scan-bytes.ts'
import { printable } from '../../output/printable.ts'
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
last characters of each, as the list of keys does. What no branch, tag or remote reaches is not in the history. Exit code 2
where nothing was found and something could not be read.
${examples(['momentry leak scan .', 'momentry leak scan . --no-history --exclude node_modules', 'git diff --staged | momentry leak scan -'])}`,
    )
    .action(async (paths: string[], options: unknown, command: Command) => {
      const { history, exclude, check } = optionsSchema.parse(options)
      const session = open(command)
      const { out } = session
      await requirePaths(paths)
      const codes = check ? createChecker(session) : undefined
      const all: ToldFind[] = []
      const unread: Unread[] = []
      const onUnread = (path: string, reason: string) => {
        unread.push({ path, reason })
        out.note(printable(`${path} cannot be read: ${reason}`))
      }
      for await (const find of findAll(session, paths, { history, exclude, onUnread })) {
        const code = await codes?.(find.secret)
        const told = { ...tell(find), ...(code && { code }) }
        all.push(told)
        if (!out.json) out.line(printable(lineOf(told)))
      }
      conclude(session, all, unread)
    })
}

interface Unread {
  path: string
  reason: string
}

function conclude({ host, out }: Session, found: readonly ToldFind[], unread: readonly Unread[]): void {
  if (found.length > 0) host.exitCode = exitCodes.failed
  // Nobody must take it for clean.
  else if (unread.length > 0) host.exitCode = exitCodes.usage
  if (out.json) {
    out.document({ found, unread })
    return
  }
  if (unread.length > 0) out.note(`${unread.length} could not be looked into.`)
  else if (found.length === 0) out.line(`${out.style('green', 'clean')}: no secret of Momentry's was found`)
  if (found.length > 0)
    out.note(`${found.length} found: rotate each key (momentry api-key rotate ID --forced), then take it out of there.`)
}

async function requirePaths(paths: readonly string[]): Promise<void> {
  for (const path of paths)
    if (path !== '-')
      await access(path).catch(() => {
        throw usageFailure(`there is no ${path}`)
      })
}

async function* findAll(
  { host, out, signal }: Session,
  paths: readonly string[],
  options: Pick<ScanOptions, 'history' | 'exclude' | 'onUnread'>,
): AsyncGenerator<Find> {
  if (paths.includes('-')) for await (const found of scanBytes(host.stdin)) yield { ...found, path: '-' }
  let files = 0
  yield* scanPaths(
    paths.filter((path) => path !== '-'),
    {
      ...options,
      signal,
      onFile() {
        files += 1
        if (files % everyFiles === 0) out.note(`${files} files and versions of files so far`)
      },
    },
  )
}

type ToldFind = Omit<Find, 'secret'> & { secret: string; code?: string }

function tell({ secret, ...place }: Find): ToldFind {
  return { ...place, secret: showSecret(secret) }
}

/** What is in the history begins as `git show` takes it. */
function lineOf({ path, line, repository, blob, commit, secret, code }: ToldFind): string {
  const version = commit ?? blob
  const where = version === undefined ? `${path}:${line}` : `${version.slice(0, 12)}:${path}:${line}`
  const directory = repository === undefined ? '.git' : relative('', repository)
  return [where, secret, code, directory === '.git' ? undefined : `in ${directory}`].filter(Boolean).join('  ')
}

/** Gives what asks the server about each secret, once. Where it cannot be asked, the scan goes on without. */
function createChecker({ connect, out }: Session): (secret: string) => Promise<string | undefined> {
  const known = new Map<string, string>()
  let away = false
  return async (secret) => {
    const kept = known.get(secret)
    if (kept !== undefined || away) return kept
    try {
      const { api } = await connect({ key: 'optional' })
      const body = { key: secret, recordUsage: false }
      const { code } = await api.call(validationSchema, { method: 'POST', path: '/v1/keys/validate', body })
      known.set(secret, code)
      return code
    } catch (error) {
      if (!(error instanceof CliFailure)) throw error
      away = true
      out.note(`the server is asked no more: ${error.message}`)
      return undefined
    }
  }
}
