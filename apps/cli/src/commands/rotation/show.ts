import type { Command } from 'commander'
import type { Rotation, UsagePart } from '../../api/shapes/rotation.ts'
import { parseId } from '../../input/arguments.ts'
import type { Output } from '../../output/output.ts'
import type { TableColumn } from '../../output/table.ts'
import { getRotation } from '../../rotation/follow.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { showFields } from '../show-fields.ts'
import { drawDrain } from './draw-drain.ts'
import { claimOf, graceOf } from './progress-of.ts'
import { versionsOf } from './versions.ts'

const addressColumns: readonly TableColumn<UsagePart['addresses'][number]>[] = [
  { title: 'still uses the old secret', value: ({ address }) => address },
  { title: 'requests', value: ({ requests }) => requests, align: 'right' },
  { title: 'refused', value: ({ refused }) => refused, align: 'right' },
  { title: 'last', value: ({ lastUsedAt }) => lastUsedAt.slice(0, 19).replace('T', ' ') },
]

export function addShow(group: Command, open: OpenSession): void {
  group
    .command('show')
    .description('Show a rotation: how far it is, whether the new secret was claimed, and who still uses the old one.')
    .argument('<id>', "the rotation's id", parseId)
    .addHelpText('after', examples(['momentry rotation show 01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a']))
    .action(async (id: string, _options: unknown, command: Command) => {
      const { out, connect } = open(command)
      const { api } = await connect()
      const rotation = await getRotation(api, id)
      if (out.json) out.document(rotation)
      else showRotation(out, rotation, Date.now())
    })
}

function showRotation(out: Output, rotation: Rotation, now: number): void {
  showFields(out, {
    rotation: rotation.id,
    key: `${rotation.keyName} (${rotation.keyType}, ${rotation.keyId})`,
    kind: rotation.kind,
    state: rotation.state,
    error: rotation.error,
    reason: rotation.reason,
    'requested by': rotation.requestedBy ?? 'Momentry',
    'asked for': rotation.createdAt,
    done: rotation.finishedAt,
    versions: versionsOf(rotation),
    grace: graceOf(rotation, now),
    claimed: claimOf(rotation),
    'first used': rotation.firstUsedAt,
    job: rotation['jobId'],
  })
  if (!rotation.usage) return
  out.line('')
  for (const line of drawDrain(rotation.usage, out.width, now)) out.line(line)
  const { addresses } = rotation.usage.old
  if (addresses.length === 0) return
  out.line('')
  out.table(addressColumns, addresses)
}
