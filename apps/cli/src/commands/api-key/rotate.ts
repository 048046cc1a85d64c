import { keyTypes } from '@momentry/shared/keys/kinds.ts'
import { type Command, Option } from 'commander'
import { z } from 'zod'
import { path } from '../../api/client.ts'
import { keySchema } from '../../api/shapes.ts'
import { exitCodes } from '../../exit-codes.ts'
import { CliFailure, usageFailure } from '../../failure.ts'
import { parseId } from '../../input/arguments.ts'
import { parseDuration } from '../../input/time.ts'
import { printable } from '../../output/printable.ts'
import { rotateMany } from '../../rotation/many/rotate-many.ts'
import { ownKeyId } from '../../rotation/own-key.ts'
import { stopsAtOnce } from '../../rotation/request.ts'
import { rotateAndWait, rotateOne } from '../../rotation/rotate-one.ts'
import type { Connection, OpenSession, Session } from '../../session.ts'
import { examples } from '../examples.ts'

const optionsSchema = z.object({
  reason: z.string().optional(),
  grace: z.number().optional(),
  forced: z.boolean().default(false),
  wait: z.boolean().default(false),
  yes: z.boolean().default(false),
  all: z.boolean().default(false),
  type: z.string().optional(),
  owner: z.string().optional(),
  search: z.string().optional(),
  includeSelf: z.boolean().default(false),
})
type Options = z.infer<typeof optionsSchema>

/** Adds `api-key rotate`, for one key or for many. */
export function addRotate(group: Command, open: OpenSession): void {
  group
    .command('rotate')
    .description('Replace the secret of a key, or of all that match. The old one works on until its grace is over.')
    .argument('[id]', "the key's id", parseId)
    .option('--reason <text>', 'why, for the audit log')
    .addOption(
      new Option('--grace <duration>', 'how long the old secret still works: 90s, 30m, 2h')
        .argParser(parseDuration)
        .conflicts('forced'),
    )
    .option('--forced', 'for an incident: the old secret stops at once, and cannot claim the new one')
    .option('--wait', 'wait until it is done; of a single key, print the new secret, this once')
    .option('-y, --yes', 'do not ask')
    .option('--all', 'rotate all active keys that match, in place of one')
    .addOption(new Option('--type <type>', 'with --all: of this type').choices(keyTypes))
    .option('--owner <id>', 'with --all: of this owner')
    .option('--search <text>', 'with --all: with this text in the name')
    .option('--include-self', 'also the key that is asked with, whose secret may then stop, too')
    .addHelpText(
      'after',
      examples([
        'momentry api-key rotate 01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a --grace 2h',
        'momentry api-key rotate 01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a --forced --reason "leaked in a commit" --wait',
        'momentry api-key rotate --all --type service --owner team-payments --forced',
      ]),
    )
    .action(async (id: string | undefined, given: unknown, command: Command) => {
      const options = optionsSchema.parse(given)
      const session = open(command)
      if (options.all) {
        if (id !== undefined) throw usageFailure('give the id of one key, or --all, and not both')
        return await rotateAll(session, options)
      }
      if (id === undefined) throw usageFailure('give the id of a key, or --all')
      if (options.type !== undefined || options.owner !== undefined || options.search !== undefined)
        throw usageFailure('--type, --owner and --search go with --all')
      await rotateKey(session, id, options)
    })
}

async function rotateAll(session: Session, options: Options): Promise<void> {
  const { type, owner, search, includeSelf, wait, yes } = options
  const wish = wishOf(options)
  if (includeSelf && wait && stopsAtOnce(wish)) throw usageFailure(cannotFollow)
  await rotateMany(session, { filter: { type, owner, search }, wish, includeSelf, wait, yes })
}

async function rotateKey(session: Session, id: string, options: Options): Promise<void> {
  const connection = await session.connect()
  const wish = wishOf(options)
  if (stopsAtOnce(wish)) {
    await protectOwnKey(connection, id, options)
    if (!options.yes && session.input.canAsk) await ask(session, connection, id)
  }
  await (options.wait ? rotateAndWait : rotateOne)(session, connection.api, id, wish)
}

function wishOf({ reason, forced, grace }: Options) {
  return { reason, forced, graceSeconds: grace }
}

/** Without grace, the successor of the key that asks would be left to nobody: the old secret can fetch nothing more. */
async function protectOwnKey(connection: Connection, id: string, { includeSelf, wait }: Options): Promise<void> {
  if ((await ownKeyId(connection)) !== id) return
  if (!includeSelf) {
    throw usageFailure(
      'this is the key that you ask with: once its secret has stopped, only another key could fetch the new one. ' +
        'Rotate it with a grace, or add --include-self',
    )
  }
  if (wait) throw usageFailure(cannotFollow)
}

const cannotFollow =
  'a rotation of the key that you ask with cannot be waited for where it has no grace: its secret stops'

async function ask({ input }: Session, { api }: Connection, id: string): Promise<void> {
  const { name } = await api.call(keySchema, { method: 'GET', path: path`/v1/keys/${id}` })
  if (!(await input.confirm(`Rotate "${printable(name)}"? Its old secret stops at once, everywhere.`)))
    throw new CliFailure(exitCodes.failed, 'nothing was rotated')
}
