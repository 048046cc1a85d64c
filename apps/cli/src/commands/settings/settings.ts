import type { Command } from 'commander'
import type { OpenSession } from '../../session.ts'
import { addReset } from './reset.ts'
import { addSetThreshold } from './set-threshold.ts'
import { addShow } from './show.ts'

export function addSettingsCommands(program: Command, open: OpenSession): void {
  const group = program
    .command('settings')
    .description('Look at the thresholds of detection and change them while everything runs.')
  for (const add of [addShow, addSetThreshold, addReset]) add(group, open)
}
