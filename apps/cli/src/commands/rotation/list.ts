import { rotationKinds, rotationStates } from '@momentry/shared/rotation/states.ts'
import { type Command, Option } from 'commander'
import { z } from 'zod'
import { firstItems } from '../../api/pages.ts'
import { type Rotation, rotationSchema } from '../../api/shapes/rotation.ts'
import { parseId, wholeNumber } from '../../input/arguments.ts'
import type { TableColumn } from '../../output/table.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { listOutput, maxListed } from '../list-output.ts'
import { versionsOf } from './versions.ts'

const optionsSchema = z.object({
  key: z.string().optional(),
  state: z.string().optional(),
  kind: z.string().optional(),
  limit: z.number(),
})

const columns: readonly TableColumn<Rotation>[] = [
  { title: 'id', value: (rotation) => rotation.id },
  { title: 'key', value: (rotation) => rotation.keyName, flexible: true },
  { title: 'kind', value: (rotation) => rotation.kind },
  { title: 'state', value: (rotation) => rotation.state },
  { title: 'versions', value: versionsOf, optional: true },
  { title: 'claimed by', value: (rotation) => rotation.claimedBy, optional: true },
  { title: 'grace ends', value: (rotation) => minute(rotation.graceEndsAt), optional: true },
  { title: 'asked for', value: (rotation) => minute(rotation.createdAt), optional: true },
]

export function addList(group: Command, open: OpenSession): void {
  group
    .command('list')
    .description('List rotations, the newest first.')
    .option('--key <id>', 'of this key', parseId)
    .addOption(new Option('--state <state>', 'in this state').choices(rotationStates))
    .addOption(new Option('--kind <kind>', 'of this kind').choices(rotationKinds))
    .option('--limit <n>', 'at most so many', wholeNumber(1, maxListed), 100)
    .addHelpText(
      'after',
      examples(['momentry rotation list --state failed', 'momentry rotation list --kind scheduled --json']),
    )
    .action(async (options: unknown, command: Command) => {
      const { key, state, kind, limit } = optionsSchema.parse(options)
      const { out, connect } = open(command)
      const { api } = await connect()
      const query = { keyId: key, state, kind }
      const page = await firstItems(api, rotationSchema, { path: '/v1/rotations', query, limit })
      listOutput(out, columns, 'rotations', page)
    })
}

function minute(time: string | null | undefined): string | undefined {
  return time?.slice(0, 16).replace('T', ' ')
}
