import { type ApiClient, path } from '../api/client.ts'
import { keySchema } from '../api/shapes.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../failure.ts'
import type { Output } from '../output/output.ts'
import type { ImportProgress } from './progress-file.ts'

/**
 * Gives an earlier import's progress back where it still holds. Where the server does not know a key that the events went
 * to, its data is gone or it is another server, and the import has to begin anew.
 */
export async function stillValid(
  api: ApiClient,
  progress: ImportProgress | undefined,
  out: Output,
): Promise<ImportProgress | undefined> {
  if (!progress) return undefined
  try {
    await api.call(keySchema, { method: 'GET', path: path`/v1/keys/${progress.anchorKeyId}` })
    return progress
  } catch (error) {
    if (!(error instanceof CliFailure) || error.exitCode !== exitCodes.notFound) throw error
    out.note('the server does not know the keys of the earlier import of this file: beginning anew')
    return undefined
  }
}
