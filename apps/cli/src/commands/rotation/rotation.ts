import type { Command } from 'commander'
import type { OpenSession } from '../../session.ts'
import { addCancel } from './cancel.ts'
import { addGrace } from './grace.ts'
import { addList } from './list.ts'
import { addSecret } from './secret.ts'
import { addShow } from './show.ts'

export function addRotationCommands(group: Command, open: OpenSession): void {
  for (const add of [addList, addShow, addSecret, addGrace, addCancel]) add(group, open)
}
