import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findRedisProgram } from '@momentry/embedded/redis/program.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LauncherRun, readRuntime, runLauncher } from '../support/processes/launcher.ts'
import { compileCache } from '../support/processes/programs.ts'
import { createTestStores, type TestStores } from '../support/stores.ts'
import { readBlocks } from './shell-words.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const blocks = readBlocks(readFileSync(join(root, 'README.md'), 'utf8'), 'bash')
const tools = ['bash', 'curl'].filter((tool) => spawnSync(tool, ['--version']).status !== 0)
if (tools.length > 0) console.warn(`the tour of README.md is skipped: it needs ${tools.join(', ')}`)

/** Starts what npx would: npx itself takes longer than most of that, and the tour starts a dozen. */
const direct = 'npx() { local program=$1; shift; "./node_modules/.bin/$program" "$@"; }'

/** What is to stand in the output, in this order: the text after each arrow, whose `…` stands for anything. */
function expectations(script: string): RegExp {
  const texts = [...script.matchAll(/^# → (.*)$/gm)].map(([, text = '']) => text)
  const patterns = texts.map((text) => text.split('…').map(RegExp.escape).join('[^\\n]*'))
  return new RegExp(patterns.join('[^]*'))
}

function runBash(script: string, env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const child = spawn('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_COMPILE_CACHE: compileCache, ...env },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })))
}

/** The five minutes of README.md, pasted beside a running `npm start`. */
describe.skipIf(tools.length > 0)('the tour of README.md', () => {
  let dataDir: string
  let stores: TestStores
  let run: LauncherRun

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'momentry-tour-'))
    stores = await createTestStores()
    // Without a Redis program (a machine that has Docker instead), that store alone is not an embedded one.
    const redis = await findRedisProgram()
    const external = redis ? {} : { REDIS_URL: stores.redisUrl, MOMENTRY_REDIS_PREFIX: stores.prefix }
    run = runLauncher({ PORT: '0', MOMENTRY_DATA_DIR: dataDir, ...external })
    await run.ready()
  })

  afterAll(async () => {
    run.kill('SIGTERM')
    await run.exited
    await rm(dataDir, { recursive: true, force: true })
    await stores.close()
  })

  it('does what it says when it is pasted', async () => {
    const script = [direct, ...blocks].join('\n')
    const port = 'http://127.0.0.1:8080'
    expect(script.split(port)).toHaveLength(2)
    const { apiUrl } = await readRuntime(dataDir)
    const { code, output } = await runBash(script.replace(port, apiUrl), { MOMENTRY_DATA_DIR: dataDir })
    expect(output).toMatch(expectations(script))
    expect(code, output).toBe(0)
  })
})
