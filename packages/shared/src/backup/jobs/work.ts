import { z } from 'zod'

/** The BullMQ queue, and the `queue` of the jobs' rows. */
export const backupQueue = 'backups'

const number = z.int().min(1)
const keep = z.int().min(0).max(3650)

/** What a job about backups is asked to do: the `data` of its row. */
export const backupWorkSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('create'), reason: z.string().max(500).nullable() }),
  /** By itself: makes one, and removes what is not kept. */
  z.strictObject({ do: z.literal('create-and-prune'), daily: keep, weekly: keep }),
  z.strictObject({ do: z.literal('verify'), number }),
  z.strictObject({ do: z.literal('restore'), number }),
  z.strictObject({ do: z.literal('prune'), daily: keep, weekly: keep, dryRun: z.boolean() }),
  z.strictObject({ do: z.literal('diff'), before: number, after: number }),
])
export type BackupWork = z.infer<typeof backupWorkSchema>
