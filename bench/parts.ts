import type { Part } from './part.ts'
import { alertLatency } from './parts/alert-latency.ts'
import { ingestPart } from './parts/ingest.ts'
import { revokePart } from './parts/revoke.ts'
import { validateCached } from './parts/validate-cached.ts'
import { watchedKeys } from './parts/watched-keys.ts'

/** All that can be measured, in the order of the report. */
export const parts: readonly Part[] = [validateCached, ingestPart, alertLatency, revokePart, watchedKeys]
