import type { ApiClient } from '../../api/client.ts'
import { acceptedSchema } from '../../api/shapes.ts'

/** One event as `POST /v1/usage` takes it. */
export interface ReportedEvent {
  keyId: string
  /** RFC 3339. */
  at: string
  ip: string | undefined
  status: number
}

export interface BatchToSend {
  idempotencyKey: string
  events: readonly ReportedEvent[]
}

export interface SendOptions {
  api: ApiClient
  /** For how long a batch is tried again while the server is away, in milliseconds. */
  retryForMs: number
  onRetry(reason: string): void
  /** Told once the server has taken a batch. The next one waits for it. */
  onAcknowledged(batch: BatchToSend): void | Promise<void>
}

/** Reports batches one after the other, so that events arrive in order; each is sent until the server has taken it. */
export async function sendBatches(batches: Iterable<BatchToSend>, options: SendOptions): Promise<void> {
  const { api, retryForMs, onRetry, onAcknowledged } = options
  for (const batch of batches) {
    const { idempotencyKey, events } = batch
    await api.call(acceptedSchema, {
      method: 'POST',
      path: '/v1/usage',
      body: { events },
      idempotencyKey,
      retryForMs,
      onRetry,
    })
    await onAcknowledged(batch)
  }
}
