// Tells whether the bundled programs (scripts/build/bundle.ts) are of their sources. Plain JavaScript, as scripts/setup.mjs
// says; the launcher asks it, too.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hashSources } from './hash.mjs'

const workspaces = [
  ...['alerter', 'api', 'cli', 'worker'].map((name) => `apps/${name}`),
  ...['client', 'embedded', 'shared'].map((name) => `packages/${name}`),
]
/** What a bundle is made of, within the repository. */
const sources = [
  ...workspaces.flatMap((place) => [`${place}/package.json`, `${place}/src`]),
  'scripts/build',
  'package-lock.json',
]
/** Scripts for Redis and migrations are in no bundle: they are read beside their sources. */
const isBundled = /(?<!\.test)\.ts$/

/** Kept beside what was built: whoever removes that removes this. */
const stamp = 'dist/programs/.sources'

/**
 * Names the sources of the programs as they are.
 * @param {string} root of the repository
 */
export function hashPrograms(root) {
  return hashSources(root, sources, (file) => isBundled.test(file))
}

/** @param {string} root of the repository */
export function programsAreBuilt(root) {
  if (!existsSync(join(root, stamp))) return false
  return readFileSync(join(root, stamp), 'utf8') === hashPrograms(root)
}

/**
 * Notes of what the build that is there was made.
 * @param {string} root of the repository
 * @param {string | undefined} hash of before the build, since what was changed meanwhile makes it stale; undefined: it is of
 *   nothing, as while it is being made
 */
export function notePrograms(root, hash) {
  if (hash === undefined) rmSync(join(root, stamp), { force: true })
  else writeFileSync(join(root, stamp), hash)
}
