import type { Command } from 'commander'
import type { OpenSession } from '../../session.ts'
import { addCreate } from './create.ts'
import { addEnd } from './end.ts'
import { addList } from './list.ts'

export function addAlertSilenceCommands(program: Command, open: OpenSession): void {
  const group = program
    .command('alert-silence')
    .description('Keep alerts from alert sinks for a time. They are logged and reach the channel all the same.')
  for (const add of [addCreate, addList, addEnd]) add(group, open)
}
