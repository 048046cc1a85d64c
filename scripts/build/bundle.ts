import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Plugin, rolldown } from 'rolldown'
import { hashPrograms, notePrograms } from '../setup/programs.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const programs = ['api', 'worker', 'alerter', 'cli'] as const

/**
 * Our own modules find what lies beside them (scripts for Redis, migrations, manifests) by `import.meta.url`: in a bundle
 * they still look beside their sources, which are there wherever a bundle is.
 */
function keepPlaces(folder: string): Plugin {
  return {
    name: 'keep-places',
    transform(code, id) {
      if (id.includes('node_modules') || !code.includes('import.meta.url')) return null
      const place = JSON.stringify(relative(folder, id))
      // Lines stay where they are, which is all that maps are read for.
      return { code: code.replaceAll('import.meta.url', `new URL(${place}, import.meta.url).href`), map: null }
    },
  }
}

/** Drizzle is loaded file by file only where there is no bundle; in one it stands with everything else, as modules. */
const drizzleFile = join(root, 'packages/shared/src/platform/postgres/drizzle.ts')
const takeDrizzleIn: Plugin = {
  name: 'take-drizzle-in',
  load(id) {
    if (id !== drizzleFile) return null
    return `export * as core from 'drizzle-orm'
      export * as postgres from 'drizzle-orm/pg-core'
      export * as driver from 'drizzle-orm/node-postgres'`
  },
}

/** prom-client names the trace that is under way beside its figures, if that is asked for, which it is not here. */
const leaveTracesOut: Plugin = {
  name: 'leave-traces-out',
  transform(code, id) {
    if (!id.endsWith('prom-client/lib/metrics/processCpuTotal.js')) return null
    return { code: code.replace("require('@opentelemetry/api')", 'undefined'), map: null }
  },
}

/** Writes one program: its entry, one file with all that it loads at its start, and others with what it loads later. */
async function bundleProgram(name: (typeof programs)[number], folder: string, maps: boolean): Promise<void> {
  const entry = `apps/${name}/src/main.ts`
  const build = await rolldown({
    cwd: root,
    platform: 'node',
    input: { [name]: entry },
    // The first two are optional accelerators; the board of queues looks its page up by itself.
    external: ['pg-native', 'msgpackr-extract', /^@bull-board\//],
    plugins: [takeDrizzleIn, leaveTracesOut, keepPlaces(join(folder, 'chunks'))],
    onLog(level, { code, message }) {
      // bull-board looks for its pages by one, which is not reached: it is told where they are.
      if (level === 'warn' && code !== 'EVAL') console.warn(`${code}: ${message}`)
    },
  })
  const { output } = await build.generate({
    format: 'esm',
    entryFileNames: 'programs/[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    sourcemap: maps && 'hidden',
    // Not in the entry itself: it is not done before the program is ready, and what is loaded later would wait for it.
    codeSplitting: { groups: [{ name, tags: ['$initial'], test: (id) => !id.endsWith(entry) }] },
  })
  await build.close()
  await Promise.all(
    output.map((part) => put(join(folder, part.fileName), part.type === 'chunk' ? part.code : part.source)),
  )
}

/**
 * Writes each program as few files, dependencies included, so that Node reads two at a start instead of a thousand: it
 * takes a third of the time.
 * @param folder where to; within the repository, since what is not bundled is looked up from there
 * @param maps true: also writes where each place comes from, beside each file, for those who read profiles
 */
export async function bundle(folder: string, { maps = false }: { maps?: boolean } = {}): Promise<void> {
  const hash = hashPrograms(root)
  notePrograms(root, undefined)
  for (const name of programs) await bundleProgram(name, folder, maps)
  notePrograms(root, hash)
}

/** Writes a file whole or not at all, and only where it changed: programs may be started from there meanwhile. */
async function put(file: string, content: string | Uint8Array): Promise<void> {
  const bytes = Buffer.from(content)
  if (await readFile(file).then(bytes.equals.bind(bytes), () => false)) return
  await mkdir(dirname(file), { recursive: true })
  const unfinished = `${file}.${process.pid}`
  await writeFile(unfinished, bytes)
  await rename(unfinished, file)
}
