import type { Command } from 'commander'
import type { OpenSession } from '../../session.ts'
import { addCreate } from './create.ts'
import { addGet } from './get.ts'
import { addList } from './list.ts'
import { addRevoke } from './revoke.ts'
import { addStats } from './stats.ts'
import { addValidate } from './validate.ts'

export function addApiKeyCommands(program: Command, open: OpenSession): void {
  const group = program.command('api-key').description('Issue, look at, check and revoke API keys.')
  for (const add of [addCreate, addList, addGet, addValidate, addRevoke, addStats]) add(group, open)
}
