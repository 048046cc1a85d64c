import type { Command } from 'commander'
import type { OpenSession } from '../../session.ts'
import { addImport } from './import.ts'

export function addUsageCommands(program: Command, open: OpenSession): void {
  const group = program.command('usage').description('Report usage.')
  addImport(group, open)
}
