// Tells by content whether something was built of the sources that are there. Plain JavaScript, as scripts/setup.mjs says.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * SHA-256 of sources: their names and what is in them, and no times, which a clone or a copy changes.
 * @param {string} root of the repository
 * @param {readonly string[]} sources files and folders within it; a folder stands for all that is in it
 * @param {(file: string) => boolean} counts whether a file of a folder is a part of what is built, by its path
 */
export function hashSources(root, sources, counts) {
  const hash = createHash('sha256')
  for (const file of sources.flatMap((source) => list(root, source, counts))) {
    const content = readFileSync(join(root, file))
    hash.update(`${file}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}

/**
 * @param {string} root
 * @param {string} source
 * @param {(file: string) => boolean} counts
 * @returns {string[]} files, always in the same order
 */
function list(root, source, counts) {
  if (!existsSync(join(root, source))) return []
  if (/\.\w+$/.test(source)) return [source]
  return readdirSync(join(root, source), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll('\\', '/').replace(/^\//, ''))
    .filter(counts)
    .sort()
}
