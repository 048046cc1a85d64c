import type { ApiClient } from '../api/client.ts'
import { createProgress } from '../output/progress.ts'
import type { Session } from '../session.ts'
import { type BatchToSend, sendBatches } from './batches/send-batches.ts'
import type { ImportProgress, ProgressFile } from './progress-file.ts'

export interface ImportToSend {
  session: Session
  api: ApiClient
  store: ProgressFile
  progress: ImportProgress
  retryForMs: number
}

/**
 * Sends the batches that are left, and remembers after each that it is in, so that an import that ends early can go on.
 * @param batches those after `progress.acknowledged`
 */
export async function sendImport(
  { session, api, store, progress, retryForMs }: ImportToSend,
  batches: Iterable<BatchToSend>,
): Promise<void> {
  const { out, signal } = session
  let { acknowledged } = progress
  if (acknowledged > 0) out.note(`going on after batch ${acknowledged} of ${progress.batches}`)
  await store.write(progress)
  const bar = createProgress(out, 'sending', progress.batches, acknowledged)
  try {
    await sendBatches(batches, {
      api,
      retryForMs,
      onRetry: (reason) => bar.note(`${reason}; trying again for up to ${retryForMs / 1000} s`),
      async onAcknowledged() {
        acknowledged += 1
        await store.write({ ...progress, acknowledged })
        bar.update(acknowledged)
      },
    })
  } finally {
    bar.stop()
    if (signal.aborted || acknowledged < progress.batches) {
      out.note(`${acknowledged} of ${progress.batches} batches are in: the same command goes on from there`)
    }
  }
  await store.write({ ...progress, acknowledged, finishedAt: new Date().toISOString() })
}
