import type { Part } from './part.ts'
import { coldStart } from './parts/cold-start.ts'
import { growthKeys } from './parts/growth-keys.ts'
import { memoryCachedKey } from './parts/memory-cached-key.ts'
import { twoProcesses } from './parts/two-processes.ts'
import { validateBetterAuth } from './parts/validate-better-auth.ts'
import { validateCached } from './parts/validate-cached.ts'
import { validateMisses } from './parts/validate-misses.ts'

/** All that can be measured, in the order of the report. */
export const parts: readonly Part[] = [
  validateCached,
  validateBetterAuth,
  validateMisses,
  twoProcesses,
  memoryCachedKey,
  growthKeys,
  coldStart,
]
