import type { Command } from 'commander'
import type { OpenSession } from '../../session.ts'
import { addRotate } from './rotate.ts'

export function addMasterKeyCommands(group: Command, open: OpenSession): void {
  addRotate(group, open)
}
