import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { ApiClient } from '../api/client.ts'
import type { Refused } from './refused-report.ts'

/** Of one request: with 8 KiB of metadata each they would not fit, so their size is looked at too. */
const maxKeys = 500
const maxBytes = 800_000

const importedSchema = z.looseObject({
  imported: z.array(z.looseObject({ index: z.number() })),
  existing: z.array(z.looseObject({ index: z.number() })),
  refused: z.array(
    z.looseObject({ index: z.number(), errors: z.array(z.looseObject({ pointer: z.string(), detail: z.string() })) }),
  ),
})

export interface LineKey {
  line: number
  key: Record<string, unknown>
}

export interface ImportCounts {
  imported: number
  existing: number
  refused: number
}

export interface SendKeysOptions {
  api: ApiClient
  dryRun: boolean
  onRefused(refused: Refused): Promise<void>
  /** Told after each request. */
  onSent(counts: ImportCounts): void
}

/** Sends keys in requests that can be repeated, and counts what became of them. */
export async function sendKeys(keys: AsyncIterable<LineKey>, options: SendKeysOptions): Promise<ImportCounts> {
  const counts: ImportCounts = { imported: 0, existing: 0, refused: 0 }
  for await (const batch of inBatches(keys)) {
    const body = { keys: batch.map(({ key }) => key), dryRun: options.dryRun }
    const answer = await options.api.call(importedSchema, {
      ...{ method: 'POST', path: '/v1/keys/import', body, retryForMs: 60_000 },
      // Of this request alone: the same lines, sent later, may be judged otherwise.
      idempotencyKey: randomUUID(),
    })
    counts.imported += answer.imported.length
    counts.existing += answer.existing.length
    counts.refused += answer.refused.length
    for (const { index, errors } of answer.refused) {
      const reason = errors.map(({ pointer, detail }) => `${pointer.slice(1)} ${detail}`.trim()).join('; ')
      await options.onRefused({ line: batch[index]?.line ?? 0, reason })
    }
    options.onSent(counts)
  }
  return counts
}

async function* inBatches(keys: AsyncIterable<LineKey>): AsyncGenerator<LineKey[]> {
  let batch: LineKey[] = []
  let bytes = 0
  for await (const each of keys) {
    const size = Buffer.byteLength(JSON.stringify(each.key))
    if (batch.length === maxKeys || (batch.length > 0 && bytes + size > maxBytes)) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(each)
    bytes += size
  }
  if (batch.length > 0) yield batch
}
