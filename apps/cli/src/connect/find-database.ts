import { join } from 'node:path'
import type { Config } from '@momentry/shared/config.ts'
import { z } from 'zod'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../failure.ts'
import { readJsonFile } from './read-json-file.ts'

const runtimeSchema = z.looseObject({ databaseUrl: z.string() })

/** Finds the database: `DATABASE_URL`, else the one that runs on the data directory. @throws CliFailure where neither is */
export async function findDatabase({ databaseUrl }: Pick<Config, 'databaseUrl'>, dataDir: string): Promise<string> {
  const url = databaseUrl ?? (await readJsonFile(join(dataDir, 'runtime.json'), runtimeSchema))?.databaseUrl
  if (url !== undefined) return url
  throw new CliFailure(
    exitCodes.unreachable,
    `no running Momentry found in ${dataDir}: start it with \`npm start\`, or set DATABASE_URL`,
  )
}
