import type { Command } from 'commander'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { addCheck, addConnections } from './connection/look.ts'
import { addDisconnect } from './connection/remove.ts'
import { addConnect, addReconnect } from './connection/store.ts'
import { addCreate } from './create.ts'
import { addDelete } from './delete.ts'
import { addList } from './list/list.ts'
import { addRotate } from './rotation/rotate.ts'
import { addCancel, addEndGrace, addRotation, addRotations, addSecret } from './rotation/steer.ts'
import { addShow } from './show.ts'
import type { CliSystem } from './systems.ts'
import { addUpdate } from './update.ts'
import { addVerify } from './verify.ts'

const credentialCommands = [addCreate, addList, addShow, addDelete, addVerify, addUpdate]
const rotationCommands = [addRotate, addRotations, addRotation, addSecret, addEndGrace, addCancel]
const connectionCommands = [addConnect, addConnections, addCheck, addReconnect, addDisconnect]

/** Adds the commands of another system: the same ones for each, under its own names. */
export function addIntegrationCommands(group: Command, open: OpenSession, system: CliSystem): void {
  group.addHelpText('after', helpOf(system))
  for (const add of [...credentialCommands, ...rotationCommands, ...connectionCommands]) add(group, open, system)
}

function helpOf(system: CliSystem): string {
  const { name, title, noun, collection, accountOption, variables, exampleScopes, about } = system
  const account = accountOption === 'user' ? 'ci-bot' : 'ops@example.com'
  return `
${about}

The account: --${accountOption} or ${variables.account} names it. Its password comes from ${variables.password}, from a hidden prompt, or
from the next line of standard input, and a one-time code from ${variables.code} or, with --otp, likewise: never from an
argument. They are used this once and not kept, unless you store a connection.

A connection is an account that Momentry keeps, sealed under its master key, so that it can rotate and expire ${collection}
without a person. Give it an account of its own, without a second factor; ${name} connect stores one.

A rotation makes a new ${noun}, hands it over, asks ${title} whether it takes it, and deletes the old one after a grace.
${examples([
  `momentry ${name} connect --name ops --${accountOption} ${account}`,
  `momentry ${name} create --connection ops --name deploy --scope ${exampleScopes} --rotate-every 30d --grace 2h`,
  `momentry ${name} rotate ID --wait`,
])}`
}
