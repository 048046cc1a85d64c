import { createRequire } from 'node:module'

const load = createRequire(import.meta.url)

/*
 * Drizzle, loaded as CommonJS. As modules each of its 370 files has Node read and parse the package's package.json again,
 * whose `exports` are 179 kB: 0.7 s of CPU at the start of every process, against 0.1 s this way.
 */
export const core: typeof import('drizzle-orm') = load('drizzle-orm')
export const postgres: typeof import('drizzle-orm/pg-core') = load('drizzle-orm/pg-core')
export const driver: typeof import('drizzle-orm/node-postgres') = load('drizzle-orm/node-postgres')
