import { z } from 'zod'
import type { Queryable } from '../platform/postgres/client.ts'
import { and, type SQL, sql } from '../platform/postgres/query.ts'
import { apiKeys } from './table.ts'

/**
 * A word that more names than this are thought to hold costs the trigram index more than it spares: its lists are read to
 * the end for each of its trigrams.
 */
const manyNames = 5_000
/** The index knows no shorter piece. */
const minWord = 3
const maxWords = 4

/**
 * Gives the condition that a name holds a text, in the form that is quick. Where the text has rare words and common ones,
 * as in `payments of Berlin 28dd2c79`, the index is asked for the rare ones alone, and the rest is looked for in the names
 * that it finds.
 */
export async function namesThatHold(db: Queryable, text: string): Promise<SQL | undefined> {
  const words = text
    .split(/\s+/)
    .filter((word) => word.length >= minWord)
    .slice(0, maxWords)
  if (words.length < 2) return holds(text)
  const counts = await Promise.all(words.map((word) => guessCount(db, word)))
  const rare = words.filter((_, index) => (counts[index] ?? 0) < manyNames)
  if (rare.length === 0 || rare.length === words.length) return holds(text)
  return and(...rare.map(holds), sql`strpos(lower(${apiKeys.name}), lower(${text})) > 0`)
}

/** The form that the trigram index on lower(name) serves; what LIKE would read as a pattern is escaped. */
function holds(text: string): SQL {
  return sql`lower(${apiKeys.name}) like '%' || lower(${text.replace(/[\\%_]/g, '\\$&')}) || '%'`
}

const planSchema = z.array(
  z.object({ 'QUERY PLAN': z.tuple([z.object({ Plan: z.object({ 'Plan Rows': z.number() }) })]) }),
)

/** How many names hold a word, as PostgreSQL guesses from its statistics, without looking at a row. */
async function guessCount(db: Queryable, word: string): Promise<number> {
  const { rows } = await db.execute(sql`explain (format json) select from ${apiKeys} where ${holds(word)}`)
  const [row] = planSchema.parse(rows)
  return row?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0
}
