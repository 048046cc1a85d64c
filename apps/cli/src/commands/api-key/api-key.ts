import type { Command } from 'commander'
import type { OpenSession } from '../../session.ts'
import { addClaim } from './claim.ts'
import { addCreate } from './create.ts'
import { addGet } from './get.ts'
import { addImport } from './import.ts'
import { addLimits } from './limits/limits.ts'
import { addList } from './list.ts'
import { addRevoke } from './revoke.ts'
import { addRotate } from './rotate.ts'
import { addStats } from './stats/stats.ts'
import { addUpdate } from './update.ts'
import { addValidate } from './validate.ts'

export function addApiKeyCommands(group: Command, open: OpenSession): void {
  const verbs = [
    addCreate,
    addImport,
    addList,
    addGet,
    addValidate,
    addUpdate,
    addRotate,
    addClaim,
    addRevoke,
    addStats,
    addLimits,
  ]
  for (const add of verbs) add(group, open)
}
