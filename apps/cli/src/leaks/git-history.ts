import { execFile, spawn } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A file as some commit has it. */
export interface Blob {
  id: string
  /** Where it lies, or lay. */
  path: string
  pieces: AsyncIterable<Buffer>
}

/** The root of the repository that a path is in. @returns undefined where there is none, or no `git` */
export async function findRepository(path: string): Promise<string | undefined> {
  return run('git', ['-C', path, 'rev-parse', '--show-toplevel']).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  )
}

/** A commit that has a blob and its parents have not, or the other way round. */
export async function commitOf(root: string, blob: string): Promise<string | undefined> {
  const args = ['-C', root, 'log', '--all', '--reverse', '--format=%H', `--find-object=${blob}`]
  const { stdout } = await run('git', args, { maxBuffer: 64 * 1024 * 1024 })
  return stdout.split('\n')[0] || undefined
}

/**
 * Gives every version of every file that branches, tags and remotes reach, each once: the whole history, what was deleted
 * included. The pieces of one have to be read before the next is asked for.
 */
export async function* readHistory(root: string, signal: AbortSignal): AsyncGenerator<Blob> {
  const paths = await listBlobs(root)
  const git = spawn('git', ['-C', root, 'cat-file', '--batch'], { stdio: ['pipe', 'pipe', 'ignore'], signal })
  git.on('error', () => undefined)
  git.stdin.on('error', () => undefined)
  git.stdin.end([...paths.keys()].map((id) => `${id}\n`).join(''))
  const source = createByteSource(git.stdout)
  for (const [id, path] of paths) {
    const head = await source.line()
    const size = Number(/^[0-9a-f]+ blob (\d+)$/.exec(head)?.[1] ?? Number.NaN)
    if (Number.isNaN(size)) throw new Error(`git does not give ${id}`)
    yield { id, path, pieces: source.take(size) }
    await source.drain()
    await source.line()
  }
}

async function listBlobs(root: string): Promise<Map<string, string>> {
  const objects = [
    '-C',
    root,
    'rev-list',
    '--objects',
    '--all',
    '--filter=object:type=blob',
    '--filter-provided-objects',
  ]
  const { stdout } = await run('git', objects, { maxBuffer: 1024 * 1024 * 1024 })
  const lines = stdout.split('\n').filter(Boolean)
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]))
}

/** Reads lines and amounts of bytes from a stream, in turn. */
function createByteSource(stream: AsyncIterable<Buffer>) {
  const iterator = stream[Symbol.asyncIterator]()
  let rest: Buffer = Buffer.alloc(0)
  let open = 0
  const more = async () => {
    const { value, done } = await iterator.next()
    if (done) throw new Error('git ended too early')
    rest = rest.length === 0 ? value : Buffer.concat([rest, value])
  }
  const next = async (): Promise<Buffer> => {
    if (rest.length === 0) await more()
    const piece = rest.subarray(0, open)
    rest = rest.subarray(piece.length)
    open -= piece.length
    return piece
  }
  return {
    async line(): Promise<string> {
      let end = rest.indexOf('\n')
      for (; end < 0; end = rest.indexOf('\n')) await more()
      const text = rest.toString('utf8', 0, end)
      rest = rest.subarray(end + 1)
      return text
    },
    async *take(size: number): AsyncGenerator<Buffer> {
      open = size
      while (open > 0) yield await next()
    },
    async drain(): Promise<void> {
      while (open > 0) await next()
    },
  }
}
