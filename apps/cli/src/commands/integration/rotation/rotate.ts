import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Command, Option } from 'commander'
import { z } from 'zod'
import type { ApiClient } from '../../../api/client.ts'
import {
  type CredentialRotation,
  credentialDeliverySchema,
  credentialRotationSchema,
  credentialSchema,
} from '../../../api/shapes/integration.ts'
import { exitCodes } from '../../../exit-codes.ts'
import { CliFailure } from '../../../failure.ts'
import { parseId } from '../../../input/arguments.ts'
import { parseDuration } from '../../../input/time.ts'
import { printable } from '../../../output/printable.ts'
import type { OpenSession, Session } from '../../../session.ts'
import { examples } from '../../examples.ts'
import { type CliSystem, pathOf } from '../systems.ts'
import { rotationPath } from './find.ts'
import { showRotation } from './show-rotation.ts'

const optionsSchema = z.object({
  reason: z.string().optional(),
  grace: z.number().optional(),
  forced: z.boolean().default(false),
  wait: z.boolean().default(false),
  yes: z.boolean().default(false),
})

const queuedSchema = z.looseObject({ rotationId: z.uuid() })
const pollMs = 500

/** For how long the server may be away while a rotation is waited for, ms. */
const retryForMs = 300_000

export function addRotate(group: Command, open: OpenSession, system: CliSystem): void {
  const { noun, title, name: command } = system
  group
    .command('rotate')
    .description(`Put a new ${noun} in the place of an old one, which ${title} loses after its grace.`)
    .argument('<id>', `the ${noun}'s id at Momentry`, parseId)
    .option('--reason <text>', 'why, for the audit log')
    .addOption(
      new Option('--grace <duration>', 'how long the old one stays: 90s, 30m, 2h; 24h at the most')
        .argParser(parseDuration)
        .conflicts('forced'),
    )
    .option('--forced', 'for an incident: the old one is deleted as soon as there is a new one')
    .option('--wait', 'wait until the new one has taken over, and print it, where it is to be claimed')
    .option('-y, --yes', 'do not ask (it is only asked on a terminal, where it is forced)')
    .addHelpText(
      'after',
      examples([
        `momentry ${command} rotate 01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a --grace 2h --wait`,
        `momentry ${command} rotate 01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a --forced --reason "leaked in a commit"`,
      ]),
    )
    .action(async (id: string, given: unknown, command: Command) => {
      const { reason, grace, forced, wait, yes } = optionsSchema.parse(given)
      const session = open(command)
      const { out, connect } = session
      const { api } = await connect()
      if (forced && !yes) await confirmForced(session, api, system, id)
      const { rotationId } = await api.call(queuedSchema, {
        method: 'POST',
        path: `${pathOf(system)}/${id}/rotate`,
        body: { reason, graceSeconds: grace, ...(forced && { forced }) },
        idempotencyKey: randomUUID(),
      })
      if (wait) return waitForRotation(session, api, rotationId)
      const rotation = await api.call(credentialRotationSchema, { method: 'GET', path: rotationPath(rotationId) })
      if (out.json) return out.document(rotation)
      showRotation(out, rotation, Date.now())
      out.note(`How far it is: momentry ${system.name} rotation ${rotationId}`)
    })
}

async function confirmForced({ input }: Session, api: ApiClient, system: CliSystem, id: string): Promise<void> {
  if (!input.canAsk) return
  const { name } = await api.call(credentialSchema, { method: 'GET', path: `${pathOf(system)}/${id}` })
  const question = `Rotate "${printable(name)}" by force? The old ${system.noun} stops as soon as there is a new one.`
  if (!(await input.confirm(question))) throw new CliFailure(exitCodes.failed, 'nothing was rotated')
}

async function waitForRotation(session: Session, api: ApiClient, id: string): Promise<void> {
  const { out } = session
  out.note(`waiting for rotation ${id} (Ctrl-C ends the waiting, not the rotation)`)
  const rotation = await follow(session, api, id)
  const { state, error, claimable, handOver } = rotation
  if (state === 'failed' || state === 'cancelled')
    throw new CliFailure(exitCodes.failed, `the rotation is ${state}: ${error ?? 'no reason is told'}`)
  const key = claimable && handOver.type === 'claim' ? await claim(api, id) : undefined
  if (out.json) return out.document({ ...rotation, ...(key !== undefined && { key }) })
  showRotation(out, rotation, Date.now(), key)
}

/** Follows a rotation until the new one has taken over, or until it is over. */
async function follow({ out, signal }: Session, api: ApiClient, id: string): Promise<CredentialRotation> {
  const onRetry = (reason: string) => out.note(`${reason}; trying again`)
  const request = { method: 'GET' as const, path: rotationPath(id), retryForMs, onRetry }
  for (let told: string | undefined; ; ) {
    const rotation = await api.call(credentialRotationSchema, request)
    const { state, error } = rotation
    if (state !== 'queued' && state !== 'running') return rotation
    if (error && error !== told) onRetry(printable(error))
    told = error ?? undefined
    await sleep(pollMs, undefined, { signal })
  }
}

/** Fetches a successor from escrow, which the audit log notes. */
export async function claim(api: ApiClient, id: string): Promise<string> {
  const path = `${rotationPath(id)}/secret`
  return (await api.call(credentialDeliverySchema, { method: 'POST', path })).key
}
