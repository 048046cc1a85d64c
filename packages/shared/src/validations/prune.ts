import type { Queryable } from '../platform/postgres/client.ts'
import { lt } from '../platform/postgres/query.ts'
import { validationOutcomes } from './table.ts'

const keptMs = 90 * 86_400_000

/** Forgets how validations ended more than 90 days ago. @returns how many rows that were */
export async function pruneValidations(db: Queryable, now: number): Promise<number> {
  const { rowCount } = await db.delete(validationOutcomes).where(lt(validationOutcomes.minute, new Date(now - keptMs)))
  return rowCount ?? 0
}
