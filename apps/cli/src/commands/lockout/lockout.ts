import type { Command } from 'commander'
import type { OpenSession } from '../../session.ts'
import { addClear } from './clear.ts'
import { addList } from './list.ts'

export function addLockoutCommands(program: Command, open: OpenSession): void {
  const group = program
    .command('lockout')
    .description('Look at the addresses that are locked out because they guess, and free them.')
  for (const add of [addList, addClear]) add(group, open)
}
