import { existsSync, readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Kind, Place } from './merge.ts'
import type { CallFrame } from './profile.ts'

/**
 * Gives what tells of a call in a profile whose code it is and where that is, by the source maps that lie beside bundles.
 * Files are named as seen from the repository, or as `node:…`, and never as this machine has them.
 * @param root the repository
 */
export function createLocator(root: string): (call: CallFrame) => Place {
  const maps = new Map<string, SourceMap | undefined>()
  const mapOf = (file: string) => {
    if (!maps.has(file)) maps.set(file, readMap(`${file}.map`))
    return maps.get(file)
  }
  return ({ functionName, url, lineNumber, columnNumber }) => {
    const name = functionName === '' ? '(anonymous)' : functionName
    if (url.startsWith('node:')) return { name, file: url, kind: 'node' }
    if (!url.startsWith('file:')) return { name, file: '', kind: 'native' }
    const file = fileURLToPath(url)
    const entry = mapOf(file)?.findEntry(lineNumber, columnNumber)
    const isMapped = entry !== undefined && 'originalSource' in entry && typeof entry.originalSource === 'string'
    const source = isMapped ? join(dirname(file), entry.originalSource.replaceAll('\0', '')) : file
    const line = (isMapped ? entry.originalLine : lineNumber) + 1
    const path = relative(root, source)
    // What is not in the repository, as what a bundler adds, has no name that means anything elsewhere.
    if (path.startsWith('..')) return { name, file: '', kind: 'native' }
    return { name, file: `${path}:${line}`, kind: kindOf(path) }
  }
}

function kindOf(path: string): Kind {
  return path.includes('node_modules/') || path.includes('rolldown') ? 'dependency' : 'ours'
}

function readMap(file: string): SourceMap | undefined {
  return existsSync(file) ? new SourceMap(JSON.parse(readFileSync(file, 'utf8'))) : undefined
}
