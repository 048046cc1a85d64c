import type { Command } from 'commander'
import type { OpenSession } from '../../session.ts'
import { addClear } from './clear.ts'
import { addList } from './list.ts'

export function addLockoutCommands(group: Command, open: OpenSession): void {
  for (const add of [addList, addClear]) add(group, open)
}
