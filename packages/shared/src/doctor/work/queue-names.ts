import { backupQueue } from '../../backup/jobs/work.ts'
import { queueName as integrationRotationQueue } from '../../integrations/rotation/queue.ts'
import { queueName as rotationQueue } from '../../rotation/queue.ts'

/** The worker's repeated jobs (apps/worker/src/upkeep.ts) … */
export const upkeepQueue = 'upkeep'
/** … and what carries ids of rows: every queue that there is. */
export const queueNames: readonly string[] = [upkeepQueue, rotationQueue, integrationRotationQueue, backupQueue]
