import type { Part } from './part.ts'
import { ingestPart } from './parts/ingest.ts'
import { validateCached } from './parts/validate-cached.ts'

/** All that can be measured, in the order of the report. */
export const parts: readonly Part[] = [validateCached, ingestPart]
