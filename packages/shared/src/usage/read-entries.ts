import type { StreamEntry } from '../streams/group.ts'
import { decodeEntry } from './entry.ts'
import type { UsageEvent } from './event.ts'

/** Events of one batch at about the most: what a script can commit without holding Redis up. */
const eventsPerBatch = 5_000

export interface ReadableBatch {
  entryIds: string[]
  events: UsageEvent[]
  /** The first entry that cannot be read, where the batch ends before one. */
  unreadable: { id: string; why: string } | undefined
}

/** Reads entries in their order, up to the first that cannot be read or until there are events enough for one batch. */
export function readEntries(entries: readonly StreamEntry[]): ReadableBatch {
  const batch: ReadableBatch = { entryIds: [], events: [], unreadable: undefined }
  for (const { id, fields } of entries) {
    if (batch.events.length >= eventsPerBatch) break
    try {
      batch.events.push(...decodeEntry(fields['batch'] ?? ''))
      batch.entryIds.push(id)
    } catch (error) {
      batch.unreadable = { id, why: error instanceof Error ? error.message : 'not an error' }
      break
    }
  }
  return batch
}
