import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const figure = z.number().nonnegative()

/** Where and with what something was measured. */
const settingSchema = z.object({
  machine: z.object({ cpu: z.string(), cores: z.int(), memoryGiB: z.number(), os: z.string() }),
  /** Of whatever took part, by name. */
  versions: z.record(z.string(), z.string()),
})

const resultSchema = settingSchema.extend({
  part: z.string(),
  /** Its place among the rows of the part, from 0. */
  order: z.int(),
  name: z.string(),
  work: z.string(),
  reference: z.string(),
  unit: z.string(),
  goal: z.union([z.object({ atLeast: figure }), z.object({ atMost: figure })]),
  rounds: z.array(z.object({ subject: figure, reference: figure.optional() })).min(1),
  note: z.string().optional(),
  /** How long one measurement lasted. */
  seconds: z.number(),
  at: z.iso.datetime(),
})

export type Setting = z.infer<typeof settingSchema>
export type Result = z.infer<typeof resultSchema>

/** Keeps what was measured of one row in a folder, instead of what was kept of it before. */
export async function keepResult(folder: string, result: Result): Promise<void> {
  await writeFile(join(folder, `${result.name}.json`), `${JSON.stringify(resultSchema.parse(result), undefined, 2)}\n`)
}

/**
 * Reads all results that a folder holds, in the order of the parts.
 * @param parts the names of all parts; what was kept of others is left out
 * @throws Error where a file is not one of ours
 */
export async function readResults(folder: string, parts: readonly string[]): Promise<Result[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'))
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
  return texts
    .map((text) => resultSchema.parse(JSON.parse(text)))
    .filter(({ part }) => parts.includes(part))
    .toSorted((a, b) => parts.indexOf(a.part) - parts.indexOf(b.part) || a.order - b.order)
}
