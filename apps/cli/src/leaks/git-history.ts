import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pipeline } from 'node:stream'
import { promisify } from 'node:util'
import { createByteSource } from './byte-source.ts'

const run = promisify(execFile)

/** A file as some commit has it. */
export interface Blob {
  id: string
  /** Where it lies, or lay: one of the places, where there are several. */
  path: string
  pieces: AsyncIterable<Buffer>
}

/** Nothing is fetched where a clone has not all, and what git says is in English. */
const env = { ...process.env, GIT_NO_LAZY_FETCH: '1', LC_ALL: 'C' }

/**
 * The directory of git's in which the history of a path is kept, that of a bare repository included.
 * @returns undefined where the path is in no repository
 * @throws Error where it is in one that cannot be read
 */
export async function findRepository(path: string): Promise<string | undefined> {
  try {
    const args = ['-C', path, 'rev-parse', '--path-format=absolute', '--git-common-dir']
    const { stdout } = await run('git', args, { env })
    return stdout.replace(/\n$/, '')
  } catch (error) {
    if (!isInRepository(resolve(path))) return undefined
    throw new Error(error instanceof Error && 'stderr' in error ? firstLine(String(error.stderr)) : 'git cannot run')
  }
}

/** git that is not installed, or that does not trust the owner, says nothing of what there is. */
function isInRepository(directory: string): boolean {
  if (existsSync(join(directory, '.git'))) return true
  return dirname(directory) !== directory && isInRepository(dirname(directory))
}

/**
 * Gives every version of every file that branches, tags and remotes reach, each once: the whole history, what was deleted
 * included. The pieces of one are read before the next is asked for. Memory is bounded.
 * @throws Error where the repository is damaged, or not all there
 */
export async function* readHistory(repository: string, signal: AbortSignal): AsyncGenerator<Blob> {
  const git = (...args: string[]) => spawn('git', [`--git-dir=${repository}`, ...args], { env, signal })
  const all = ['--objects', '--all', '--filter=object:type=blob', '--filter-provided-objects']
  const list = git('rev-list', ...all)
  // What stands behind an id comes back with it.
  const read = git('cat-file', '--buffer', '--batch=%(objectname) %(objectsize) %(rest)')
  const ends = Promise.all([endOf(list), endOf(read)])
  pipeline(list.stdout, read.stdin, () => undefined)
  const source = createByteSource(read.stdout)
  try {
    for (let head = await source.line(); head !== undefined; head = await source.line()) {
      const [, id, size, path] = /^([0-9a-f]+) (\d+) (.*)$/s.exec(head) ?? []
      if (id === undefined || path === undefined) throw new Error(`not all of the history is there (${head})`)
      yield { id, path, pieces: source.take(Number(size)) }
      await source.drain()
      await source.line()
    }
    const problem = (await ends).find((text) => text !== undefined)
    if (problem !== undefined) throw new Error(problem)
  } finally {
    list.kill()
    read.kill()
  }
}

/** @returns what went wrong */
function endOf(child: ChildProcess): Promise<string | undefined> {
  let said = ''
  child.stderr?.on('data', (chunk) => {
    if (said.length < 1_000) said += String(chunk)
  })
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code) => resolve(code === 0 ? undefined : firstLine(said) || `git ended with ${code}`))
  })
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? ''
}

export interface Appearance {
  commit: string
  path: string
}

/** So many are looked for at once. */
const perRun = 500

/** Tells in which commits versions of files came up, and where, from the oldest on. @returns by the blob's id */
export async function findAppearances(repository: string, ids: readonly string[]): Promise<Map<string, Appearance[]>> {
  const appearances = new Map<string, Appearance[]>(ids.map((id) => [id, []]))
  for (let from = 0; from < ids.length; from += perRun) {
    const wanted = ids.slice(from, from + perRun).map((id) => `--find-object=${id}`)
    const shape = ['--format=commit %H', '--raw', '--no-abbrev', '--no-renames', '--no-show-signature', '-m']
    const settings = ['-c', 'core.quotePath=false', '-c', 'log.showRoot=true']
    const args = [`--git-dir=${repository}`, ...settings, 'log', '--all', '--reverse', ...shape, ...wanted]
    const { stdout } = await run('git', args, { env, maxBuffer: 256 * 1024 * 1024 })
    let commit = ''
    for (const line of stdout.split('\n')) {
      if (line.startsWith('commit ')) commit = line.slice('commit '.length)
      const [, id, path] = /^:\d+ \d+ [0-9a-f]+ ([0-9a-f]+) \w+\t(.*)$/s.exec(line) ?? []
      if (id !== undefined && path !== undefined) appearances.get(id)?.push({ commit, path })
    }
  }
  return appearances
}
