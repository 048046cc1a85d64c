import type { Command } from 'commander'
import type { OpenSession } from '../../session.ts'
import { addExport } from './export.ts'
import { addList } from './list.ts'
import { addPublicKey } from './public-key.ts'
import { addVerify } from './verify.ts'

export function addAuditCommands(group: Command, open: OpenSession): void {
  addList(group, open)
  addVerify(group, open)
  addExport(group, open)
  addPublicKey(group, open)
}
