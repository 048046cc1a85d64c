// Tells whether the console's build is of its sources. Plain JavaScript, as scripts/setup.mjs says.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hashSources } from './hash.mjs'

/** What a build is made of, within the repository; a folder stands for all that is in it. */
const sources = [
  'apps/console/src',
  'apps/console/public',
  'apps/console/index.html',
  'apps/console/vite.config.ts',
  'apps/console/tsconfig.json',
  'package-lock.json',
]
/** Types alone, written by the check; tests: neither is in a build. */
const isLeftOut = /(schema\.d\.ts|\.test\.tsx?)$/

/** Kept beside what was built: whoever removes that removes this. */
const stamp = 'apps/console/dist/.sources'

/**
 * Names the console's sources as they are.
 * @param {string} root of the repository
 */
export function hashConsole(root) {
  return hashSources(root, sources, (file) => !isLeftOut.test(file))
}

/** @param {string} root of the repository */
export function consoleIsBuilt(root) {
  if (!existsSync(join(root, 'apps/console/dist/index.html')) || !existsSync(join(root, stamp))) return false
  return readFileSync(join(root, stamp), 'utf8') === hashConsole(root)
}

/**
 * Notes of what the build that is there was made.
 * @param {string} root of the repository
 * @param {string} hash of before the build: what was changed meanwhile makes it stale
 */
export function noteConsole(root, hash) {
  writeFileSync(join(root, stamp), hash)
}
