import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { migrateDatabase } from '@momentry/shared/platform/postgres/migrate.ts'
import type { TestProject } from 'vitest/node'
import { bundle } from '../../../scripts/build/bundle.ts'
import { programsFolder } from '../processes/programs.ts'
import { databaseUrl, runSql } from '../servers/database.ts'
import { findServers } from '../servers/servers.ts'
import { writtenFolder } from '../written/folder.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A database whose role may create others. */
    adminUrl: string
    redisUrl: string
    /** The database, with all migrations applied, that each test file's own is a copy of. */
    templateName: string
    /** Of every installation of the run, in base64. */
    masterKey: string
    /** What processes write is kept there until the run ends. */
    writtenFolder: string
  }
}

const templateName = 'momentry_template'

/** Starts one Postgres and one Redis for a whole test run, and gives back what ends them. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = writtenFolder(process.pid)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  project.provide('writtenFolder', folder)
  const servers = await findServers()
  const [postgres, redis] = await Promise.all([servers.startPostgres(), servers.startRedis(), bundle(programsFolder)])
  const adminUrl = databaseUrl(postgres.url, 'postgres')
  await runSql(adminUrl, `CREATE DATABASE ${templateName}`)
  await migrateDatabase(databaseUrl(postgres.url, templateName))
  project.provide('adminUrl', adminUrl)
  project.provide('redisUrl', redis.url)
  project.provide('templateName', templateName)
  project.provide('masterKey', randomBytes(32).toString('base64'))
  return async () => {
    await Promise.all([postgres.close(), redis.close()])
  }
}
