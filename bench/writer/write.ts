import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Part } from '../part.ts'
import { chartFile, chartOf, flameFile, writeReport } from './report.ts'
import { readResults } from './result.ts'

/**
 * Writes the report anew, with its charts, from all results and flame graphs that are there.
 * @param bench the folder that has all of them
 */
export async function writeAll(bench: string, parts: readonly Part[]): Promise<void> {
  const results = await readResults(
    join(bench, 'results'),
    parts.map(({ name }) => name),
  )
  const pictures = join(bench, 'report')
  const there = await readdir(pictures)
  const reported = parts.map(({ name, title }) => ({
    ...{ name, title },
    profiled: ['api', 'worker', 'alerter'].filter((program) => there.includes(flameFile(name, program))),
  }))
  for (const result of results) await writeFile(join(pictures, chartFile(result.name)), chartOf(result))
  await writeFile(join(bench, 'report.md'), writeReport(results, reported))
}
