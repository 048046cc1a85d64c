import type { Command } from 'commander'
import type { OpenSession } from '../../session.ts'
import { addCreate } from './create.ts'
import { addDelete } from './delete.ts'
import { addDeliveries } from './deliveries.ts'
import { addList } from './list.ts'
import { addPauseAndResume } from './pause.ts'
import { addRotateSecret } from './rotate-secret.ts'
import { addShow } from './show.ts'
import { addTest } from './test.ts'
import { addUpdate } from './update.ts'

export function addAlertSinkCommands(group: Command, open: OpenSession): void {
  for (const add of [
    ...[addCreate, addList, addShow, addUpdate, addPauseAndResume, addDelete],
    ...[addTest, addRotateSecret, addDeliveries],
  ])
    add(group, open)
}
