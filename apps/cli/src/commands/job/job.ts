import type { Command } from 'commander'
import type { OpenSession } from '../../session.ts'
import { addList } from './list.ts'
import { addRetry } from './retry.ts'
import { addShow } from './show.ts'

export function addJobCommands(program: Command, open: OpenSession): void {
  const group = program.command('job').description('Look at what the job worker does, and let it try again.')
  for (const add of [addList, addShow, addRetry]) add(group, open)
}
