import type { Command } from 'commander'
import type { OpenSession } from '../../session.ts'
import { addList } from './list.ts'
import { addMute } from './mute.ts'
import { addSettle } from './settle.ts'
import { addWatch } from './watch.ts'

export function addAnomalyCommands(group: Command, open: OpenSession): void {
  addList(group, open)
  addWatch(group, open)
  addSettle(group, open)
  addMute(group, open)
}
