import type { Command } from 'commander'
import type { OpenSession } from '../../session.ts'
import { addCancel } from './cancel.ts'
import { addGrace } from './grace.ts'
import { addList } from './list.ts'
import { addSecret } from './secret.ts'
import { addShow } from './show.ts'

export function addRotationCommands(program: Command, open: OpenSession): void {
  const group = program
    .command('rotation')
    .description('Look at rotations (begun by api-key rotate, a schedule or a policy), and steer them.')
  for (const add of [addList, addShow, addSecret, addGrace, addCancel]) add(group, open)
}
