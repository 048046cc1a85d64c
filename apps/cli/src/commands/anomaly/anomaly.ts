import type { Command } from 'commander'
import type { OpenSession } from '../../session.ts'
import { addList } from './list.ts'
import { addMute } from './mute.ts'
import { addSettle } from './settle.ts'
import { addWatch } from './watch.ts'

export function addAnomalyCommands(program: Command, open: OpenSession): void {
  const group = program
    .command('anomaly')
    .description('Look at what detection found, and say that it is taken care of.')
  addList(group, open)
  addWatch(group, open)
  addSettle(group, open)
  addMute(group, open)
}
