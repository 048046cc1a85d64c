import { isUtf8 } from 'node:buffer'
import { idempotencyKeySchema } from '@momentry/shared/idempotency/run.ts'
import { type ReportUsageInput, readReport } from '@momentry/shared/usage/report/read.ts'
import type { Context } from 'hono'
import type { ApiEnv } from '../../http/env.ts'

/**
 * Reads a report of usage that is as nearly all are: plain JSON, in which nothing is wrong. What it reads it takes for just
 * what the checks of the body and the schema take it for, ten times cheaper; it nests no deeper than an event does.
 * @returns undefined where those are to look at it
 */
export async function readPlainReport(
  c: Context<ApiEnv>,
): Promise<{ input: ReportUsageInput; idempotencyKey: string | undefined } | undefined> {
  if (c.req.header('content-type') !== 'application/json') return undefined
  const idempotencyKey = c.req.header('idempotency-key')
  if (idempotencyKey !== undefined && !idempotencyKeySchema.safeParse(idempotencyKey).success) return undefined
  const bytes = await c.req.arrayBuffer().catch(() => undefined)
  if (!bytes || !isUtf8(bytes)) return undefined
  const input = readReport(parseJson(Buffer.from(bytes).toString()))
  return input && { input, idempotencyKey }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
