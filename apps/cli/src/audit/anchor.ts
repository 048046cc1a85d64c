import { readFile } from 'node:fs/promises'
import { writePrivateFile } from '@momentry/embedded/host/secret-file.ts'
import { z } from 'zod'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../failure.ts'

const anchorSchema = z.object({ day: z.iso.date(), seq: z.int().min(1), hash: z.string().regex(/^[0-9a-f]{64}$/) })
type Anchor = z.infer<typeof anchorSchema>

/** Reads how far the log was at the last look at it. @returns undefined where there was none. @throws CliFailure */
export async function readAnchor(file: string): Promise<Anchor | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new CliFailure(exitCodes.failed, `${file} cannot be read (${error.code})`)
  })
  if (text === undefined) return undefined
  try {
    return anchorSchema.parse(JSON.parse(text))
  } catch {
    throw new CliFailure(exitCodes.failed, `${file} is no anchor: remove it to begin anew`)
  }
}

export async function writeAnchor(file: string, { day, seq, hash }: Anchor): Promise<void> {
  await writePrivateFile(file, `${JSON.stringify({ day, seq, hash })}\n`)
}
