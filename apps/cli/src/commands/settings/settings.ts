import type { Command } from 'commander'
import type { OpenSession } from '../../session.ts'
import { addReset } from './reset.ts'
import { addSetThreshold } from './set-threshold.ts'
import { addShow } from './show.ts'

export function addSettingsCommands(group: Command, open: OpenSession): void {
  for (const add of [addShow, addSetThreshold, addReset]) add(group, open)
}
