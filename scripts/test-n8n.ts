import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { installN8n, n8nVersion } from './n8n/install.ts'
import { startN8n } from './n8n/start.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

const help = `Usage: npm run test:n8n [-- --dir DIR] [-- --verbose]

Installs the real n8n ${n8nVersion}, starts it on a free port of this machine with a fresh folder, and runs the tests of
Momentry's n8n integration on it: API keys are made, listed, asked about and deleted.

  --dir DIR    where n8n is installed, and found the next time (default: .n8n in this folder); takes 3 GB
  --verbose    show what n8n itself writes

It needs a C++ compiler and Python for n8n's database module, 700 MB of memory, and the first time about 7 minutes. The
exit code is 0 where all tests pass, 1 where one fails, 2 where none could begin, 130 after Ctrl-C.
`

/** Says what is wrong, and ends. */
function refuse(error: unknown): never {
  const problem = error instanceof Error ? error.message : String(error)
  console.error(`test:n8n: ${problem}\n"npm run test:n8n -- --help" tells more`)
  process.exit(2)
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        help: { type: 'boolean', short: 'h' },
        dir: { type: 'string', default: '.n8n' },
        verbose: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    return refuse(error)
  }
}

const options = readOptions()
if (options.help) {
  console.log(help)
  process.exit(0)
}

// Whatever is under way ends first, and n8n with its folder after it.
const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort())

const lines: string[] = []
const n8n = await installN8n(resolve(root, options.dir), stopping.signal)
  .then((program) => {
    stopping.signal.throwIfAborted()
    console.log('starting n8n on a free port and in a fresh folder')
    const onLine = (line: string) => {
      lines.push(line)
      if (options.verbose) console.log(`n8n: ${line}`)
    }
    return startN8n(program, { onLine, signal: stopping.signal })
  })
  .catch((error: unknown) => {
    if (stopping.signal.aborted) process.exit(130)
    if (!options.verbose) console.error(lines.slice(-20).join('\n'))
    return refuse(error)
  })
console.log(`n8n ${n8nVersion} is ready at ${n8n.url}, with an owner and two members; running the tests`)

const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))
const args = ['run', '--config', 'vitest.real.config.ts', 'test/integrations/n8n/n8n.real.ts']
const child = spawn(process.execPath, [vitest, ...args], {
  cwd: root,
  stdio: ['ignore', 'inherit', 'inherit'],
  // Two signals at once would end it before it has cleaned up: Ctrl-C comes by this script alone.
  detached: true,
  env: {
    ...process.env,
    N8N_TEST_URL: n8n.url,
    N8N_TEST_OWNER: n8n.owner,
    N8N_TEST_MEMBER: n8n.member,
    N8N_TEST_OTHER: n8n.other,
    N8N_TEST_PASSWORD: n8n.password,
  },
})
stopping.signal.addEventListener('abort', () => child.kill('SIGINT'))
if (stopping.signal.aborted) child.kill('SIGINT')
child.once('exit', async (code) => {
  console.log('stopping n8n, and removing its folder')
  await n8n.stop()
  process.exit(stopping.signal.aborted ? 130 : (code ?? 1))
})
