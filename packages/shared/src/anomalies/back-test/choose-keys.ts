import type pg from 'pg'
import { z } from 'zod'
import { keyPolicySchema } from '../../keys/fields/policy.ts'
import { type BackTestInput, backTestLimits } from './schemas.ts'

const row = z.object({ id: z.string(), name: z.string(), policy: keyPolicySchema })
export type TestedKey = z.infer<typeof row>

/** Gives the keys to test: those that were asked for, or those that were used last; `more` where there are more. */
export async function chooseKeys(
  pool: pg.Pool,
  { keyIds, from }: Pick<BackTestInput, 'keyIds' | 'from'>,
): Promise<{ keys: TestedKey[]; more: boolean }> {
  const { rows } = keyIds
    ? await pool.query('SELECT id, name, policy FROM api_keys WHERE id = ANY($1::uuid[])', [keyIds])
    : await pool.query(
        'SELECT id, name, policy FROM api_keys WHERE last_used_at >= $1 ORDER BY last_used_at DESC LIMIT $2',
        [from, backTestLimits.keys + 1],
      )
  const keys = z.array(row).parse(rows)
  return { keys: keys.slice(0, backTestLimits.keys), more: keys.length > backTestLimits.keys }
}
