import type { Command } from 'commander'
import type { OpenSession } from '../../session.ts'
import { addScan } from './scan.ts'

export function addLeakCommands(program: Command, open: OpenSession): void {
  const group = program.command('leak').description('Look for secrets where they should not be.')
  addScan(group, open)
}
