import type { Logger } from '@momentry/shared/platform/process/log.ts'
import type { ConsumerGroup, StreamEntry } from '@momentry/shared/streams/group.ts'
import { keepGoing } from '@momentry/shared/streams/keep-going.ts'

const entriesPerRead = 50
const blockMs = 1_000
/** What a fellow has held for this long without acknowledging it is taken over: it is dead, or stuck. */
const abandonedMs = 10_000

export interface ConsumeFindingsDeps {
  group: ConsumerGroup
  deliver(entry: StreamEntry): Promise<void>
  log: Logger
}

/** Delivers the findings of one partition until the signal aborts; several alerters share them, in no order. */
export async function consumeFindings(
  { group, deliver, log }: ConsumeFindingsDeps,
  signal: AbortSignal,
): Promise<void> {
  const step = async () => {
    await group.claim(abandonedMs)
    for (const entry of await group.readPending(entriesPerRead)) await deliver(entry)
    for (const entry of await group.readNew(entriesPerRead, blockMs)) await deliver(entry)
  }
  await keepGoing(signal, log, step)
}
