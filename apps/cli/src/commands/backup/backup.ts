import type { Command } from 'commander'
import type { OpenSession } from '../../session.ts'
import { addCreate } from './create.ts'
import { addDiff } from './diff.ts'
import { addList } from './list.ts'
import { addPrune } from './prune.ts'
import { addRestore } from './restore.ts'
import { addShow } from './show.ts'
import { addVerify } from './verify.ts'

export function addBackupCommands(group: Command, open: OpenSession): void {
  for (const add of [addCreate, addList, addShow, addVerify, addRestore, addPrune, addDiff]) add(group, open)
}
