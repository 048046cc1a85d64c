import type { Part } from './part.ts'
import { coldStart } from './parts/cold-start.ts'
import { growthKeys } from './parts/growth-keys.ts'
import { memoryCachedKey } from './parts/memory-cached-key.ts'
import { validateCached } from './parts/validate-cached.ts'

/** All that can be measured, in the order of the report. */
export const parts: readonly Part[] = [validateCached, coldStart, growthKeys, memoryCachedKey]
