import { integrationRotationStates } from '@momentry/shared/integrations/states.ts'
import { rotationKinds } from '@momentry/shared/rotation/states.ts'
import { type Command, Option } from 'commander'
import { z } from 'zod'
import { firstItems } from '../../../api/pages.ts'
import { type CredentialRotation, credentialRotationSchema } from '../../../api/shapes/integration.ts'
import { parseId, wholeNumber } from '../../../input/arguments.ts'
import type { TableColumn } from '../../../output/table.ts'
import type { OpenSession } from '../../../session.ts'
import { examples } from '../../examples.ts'
import { listOutput, maxListed } from '../../list-output.ts'
import type { CliSystem } from '../systems.ts'
import { findRotation, rotationPath } from './find.ts'
import { claim } from './rotate.ts'
import { showRotation } from './show-rotation.ts'

const exampleId = '01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a'
const minute = (time: string | null | undefined) => time?.slice(0, 16).replace('T', ' ')

const columns: readonly TableColumn<CredentialRotation>[] = [
  { title: 'id', value: ({ id }) => id },
  { title: 'of', value: ({ credentialName }) => credentialName, flexible: true },
  { title: 'kind', value: ({ kind }) => kind },
  { title: 'state', value: ({ state }) => state },
  { title: 'versions', value: ({ fromVersion, toVersion }) => `${fromVersion} → ${toVersion}` },
  { title: 'grace ends', value: ({ graceEndsAt }) => minute(graceEndsAt), optional: true },
  { title: 'asked for', value: ({ createdAt }) => minute(createdAt), optional: true },
]

const listSchema = z.object({
  of: z.string().optional(),
  state: z.string().optional(),
  kind: z.string().optional(),
  limit: z.number(),
})

export function addRotations(group: Command, open: OpenSession, system: CliSystem): void {
  group
    .command('rotations')
    .description('List rotations, the newest first.')
    .option('--of <id>', `of this ${system.noun}`, parseId)
    .addOption(new Option('--state <state>', 'in this state').choices(integrationRotationStates))
    .addOption(new Option('--kind <kind>', 'of this kind').choices(rotationKinds))
    .option('--limit <n>', 'at most so many', wholeNumber(1, maxListed), 100)
    .addHelpText('after', examples([`momentry ${system.name} rotations --state failed`]))
    .action(async (given: unknown, command: Command) => {
      const { of, state, kind, limit } = listSchema.parse(given)
      const { out, connect } = open(command)
      const { api } = await connect()
      const query = { system: system.name, credentialId: of, state, kind }
      const path = '/v1/integrations/rotations'
      listOutput(out, columns, 'rotations', await firstItems(api, credentialRotationSchema, { path, query, limit }))
    })
}

export function addRotation(group: Command, open: OpenSession, system: CliSystem): void {
  group
    .command('rotation')
    .description('Show a rotation: how far each of its four parts is.')
    .argument('<id>', "the rotation's id", parseId)
    .addHelpText('after', examples([`momentry ${system.name} rotation ${exampleId}`]))
    .action(async (id: string, _options: unknown, command: Command) => {
      const { out, connect } = open(command)
      const { api } = await connect()
      const rotation = await findRotation(api, system, id)
      if (out.json) out.document(rotation)
      else showRotation(out, rotation, Date.now())
    })
}

/** Adds `secret`: fetches a successor, as often as it is needed. */
export function addSecret(group: Command, open: OpenSession, system: CliSystem): void {
  const { name, noun } = system
  group
    .command('secret')
    .description(`Fetch the new ${noun} of a rotation, which the audit log notes. Possible until its grace ends.`)
    .argument('<rotation>', "the rotation's id", parseId)
    .addHelpText('after', examples([`momentry ${name} secret ${exampleId} > the-${noun}`]))
    .action(async (id: string, _options: unknown, command: Command) => {
      const { out, connect } = open(command)
      const { api } = await connect()
      await findRotation(api, system, id)
      const key = await claim(api, id)
      if (out.json) out.document({ rotationId: id, key })
      else out.line(key)
    })
}

export function addEndGrace(group: Command, open: OpenSession, system: CliSystem): void {
  const { name, noun } = system
  group
    .command('end-grace')
    .description(`Delete the old ${noun} of a rotation now.`)
    .argument('<rotation>', "the rotation's id", parseId)
    .addHelpText('after', examples([`momentry ${name} end-grace ${exampleId}`]))
    .action(async (id: string, _options: unknown, command: Command) => {
      const { out, connect } = open(command)
      const { api } = await connect()
      await findRotation(api, system, id)
      const body = { graceSeconds: 0 }
      const rotation = await api.call(credentialRotationSchema, { method: 'PATCH', path: rotationPath(id), body })
      if (out.json) out.document(rotation)
      else out.line(`The old ${noun} is being deleted.`)
    })
}

export function addCancel(group: Command, open: OpenSession, system: CliSystem): void {
  const { name, noun, title } = system
  group
    .command('cancel')
    .description(`Give up a rotation before the new ${noun} has taken over. What it made on ${title} is deleted there.`)
    .argument('<rotation>', "the rotation's id", parseId)
    .addHelpText('after', examples([`momentry ${name} cancel ${exampleId}`]))
    .action(async (id: string, _options: unknown, command: Command) => {
      const { out, connect } = open(command)
      const { api } = await connect()
      await findRotation(api, system, id)
      const rotation = await api.call(credentialRotationSchema, { method: 'POST', path: `${rotationPath(id)}/cancel` })
      if (out.json) out.document(rotation)
      else out.line(`Cancelled ${id}.`)
    })
}
