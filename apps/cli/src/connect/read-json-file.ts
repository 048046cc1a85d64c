import { readFile } from 'node:fs/promises'
import type { z } from 'zod'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../failure.ts'
import { parseJson } from '../parse-json.ts'

/**
 * Reads a file that Momentry wrote; undefined where there is none.
 * @throws CliFailure that names the file, never its content
 */
export async function readJsonFile<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined
    throw new CliFailure(exitCodes.failed, `cannot read ${file}`, { cause: error })
  }
  const parsed = schema.safeParse(parseJson(text))
  if (!parsed.success) throw new CliFailure(exitCodes.failed, `${file} is not what Momentry writes there`)
  return parsed.data
}
