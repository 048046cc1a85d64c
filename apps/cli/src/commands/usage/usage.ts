import type { Command } from 'commander'
import type { OpenSession } from '../../session.ts'
import { addImport } from './import.ts'

export function addUsageCommands(group: Command, open: OpenSession): void {
  addImport(group, open)
}
