import type { Command } from 'commander'
import type { OpenSession } from '../../session.ts'
import { addScan } from './scan.ts'

export function addLeakCommands(group: Command, open: OpenSession): void {
  addScan(group, open)
}
