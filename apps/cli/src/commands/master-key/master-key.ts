import type { Command } from 'commander'
import type { OpenSession } from '../../session.ts'
import { addRotate } from './rotate.ts'

export function addMasterKeyCommands(program: Command, open: OpenSession): void {
  const group = program
    .command('master-key')
    .description('Replace the key that seals what must be kept and not read (it talks to the database by itself).')
  addRotate(group, open)
}
