import type { StreamEntry } from '../streams/group.ts'
import { decodeEntry } from './entry.ts'
import type { UsageEvent } from './event.ts'

/** Events of one batch at about the most: what a script can commit without holding Redis up. */
const eventsPerBatch = 5_000

/** Whose trace an entry is part of. */
export interface EntryTrace {
  traceparent: string
  keyIds: readonly string[]
}

export interface ReadableBatch {
  entryIds: string[]
  events: UsageEvent[]
  /** Of the entries that carry one, in their order. */
  traces: EntryTrace[]
  /** The first entry that cannot be read, where the batch ends before one. */
  unreadable: { id: string; why: string } | undefined
}

/** Reads entries in their order, up to the first that cannot be read or until there are events enough for one batch. */
export function readEntries(entries: readonly StreamEntry[]): ReadableBatch {
  const batch: ReadableBatch = { entryIds: [], events: [], traces: [], unreadable: undefined }
  for (const { id, fields } of entries) {
    if (batch.events.length >= eventsPerBatch) break
    try {
      const events = decodeEntry(fields['batch'] ?? '')
      const traceparent = fields['trace']
      batch.events.push(...events)
      batch.entryIds.push(id)
      if (traceparent !== undefined)
        batch.traces.push({ traceparent, keyIds: [...new Set(events.map(({ keyId }) => keyId))] })
    } catch (error) {
      batch.unreadable = { id, why: error instanceof Error ? error.message : 'not an error' }
      break
    }
  }
  return batch
}
