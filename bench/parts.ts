import type { Part } from './part.ts'
import { alertLatency } from './parts/alert-latency.ts'
import { coldStart } from './parts/cold-start.ts'
import { growthKeys } from './parts/growth-keys.ts'
import { ingestPart } from './parts/ingest.ts'
import { memoryCachedKey } from './parts/memory-cached-key.ts'
import { revokePart } from './parts/revoke.ts'
import { twoProcesses } from './parts/two-processes.ts'
import { validateBetterAuth } from './parts/validate-better-auth.ts'
import { validateCached } from './parts/validate-cached.ts'
import { validateMisses } from './parts/validate-misses.ts'
import { watchedKeys } from './parts/watched-keys.ts'

/** All that can be measured, in the order of the report. */
export const parts: readonly Part[] = [
  validateCached,
  validateBetterAuth,
  validateMisses,
  twoProcesses,
  ingestPart,
  alertLatency,
  revokePart,
  memoryCachedKey,
  growthKeys,
  watchedKeys,
  coldStart,
]
