import type { Command } from 'commander'
import type { OpenSession } from '../../session.ts'
import { addList } from './list.ts'
import { addRetry } from './retry.ts'
import { addShow } from './show.ts'

export function addJobCommands(group: Command, open: OpenSession): void {
  for (const add of [addList, addShow, addRetry]) add(group, open)
}
