import { join } from 'node:path'
import type { Config } from '@momentry/shared/config.ts'
import { z } from 'zod'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../failure.ts'
import { readJsonFile } from './read-json-file.ts'

const runtimeSchema = z.looseObject({ databaseUrl: z.string().optional(), redisUrl: z.string().optional() })

/** Finds the database: `DATABASE_URL`, else the one that runs on the data directory. @throws CliFailure where neither is */
export async function findDatabase({ databaseUrl }: Pick<Config, 'databaseUrl'>, dataDir: string): Promise<string> {
  return databaseUrl ?? (await readRuntime(dataDir))?.databaseUrl ?? missing(dataDir, 'DATABASE_URL')
}

/** Finds Redis in the same way, by `REDIS_URL`. @throws CliFailure where neither is */
export async function findRedis({ redisUrl }: Pick<Config, 'redisUrl'>, dataDir: string): Promise<string> {
  return redisUrl ?? (await readRuntime(dataDir))?.redisUrl ?? missing(dataDir, 'REDIS_URL')
}

function readRuntime(dataDir: string) {
  return readJsonFile(join(dataDir, 'runtime.json'), runtimeSchema)
}

function missing(dataDir: string, variable: string): never {
  throw new CliFailure(
    exitCodes.unreachable,
    `no running Momentry found in ${dataDir}: start it with \`npm start\`, or set ${variable}`,
  )
}
