import type { Command } from 'commander'
import type { OpenSession } from '../../session.ts'
import { addCreate } from './create.ts'
import { addEnd } from './end.ts'
import { addList } from './list.ts'

export function addAlertSilenceCommands(group: Command, open: OpenSession): void {
  for (const add of [addCreate, addList, addEnd]) add(group, open)
}
