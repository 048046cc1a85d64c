import { addresses } from './addresses.ts'
import { errorRate } from './error-rate.ts'
import { requestRate } from './request-rate.ts'
import type { Rule } from './rule.ts'
import { unusualTime } from './unusual-time.ts'

/** Every rule of detection. */
export const rules: readonly Rule[] = [requestRate, errorRate, addresses, unusualTime]
