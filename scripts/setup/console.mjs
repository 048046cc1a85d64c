// Tells whether the console's build is of its sources. Plain JavaScript, as scripts/setup.mjs says.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

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
 * SHA-256 of the console's sources: their names and what is in them, and no times, which a clone or a copy changes.
 * @param {string} root of the repository
 */
export function hashConsole(root) {
  const hash = createHash('sha256')
  for (const file of sources.flatMap((source) => list(root, source))) {
    const content = readFileSync(join(root, file))
    hash.update(`${file}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
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

/**
 * @param {string} root
 * @param {string} source
 * @returns {string[]} files, always in the same order
 */
function list(root, source) {
  if (!existsSync(join(root, source))) return []
  if (/\.\w+$/.test(source)) return [source]
  return readdirSync(join(root, source), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !isLeftOut.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll('\\', '/').replace(/^\//, ''))
    .sort()
}
