import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Harness, shareHarness } from '../api/harness.ts'
import { readBlocks } from '../docs/shell-words.ts'
import { createBootstrapKey } from '../support/bootstrap-key.ts'

const home = fileURLToPath(new URL('../../packages/client', import.meta.url))
const blocks = readBlocks(await readFile(join(home, 'README.md'), 'utf8'), 'ts')

/** What is to stand in the output, each at the beginning of a line, in this order. */
function expectations(program: string): RegExp {
  const texts = [...program.matchAll(/^\/\/ → (.*)$/gm)].map(([, text = '']) => `^${RegExp.escape(text)}`)
  return new RegExp(texts.join('[^]*'), 'm')
}

function run(file: string, env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [file], {
    cwd: join(file, '..'),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], ...env },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })))
}

describe('the programs of the README', () => {
  let t: Harness
  let directory: string
  let apiKey: string
  beforeAll(async () => {
    t = await shareHarness()
    const scopes = ['keys:validate', 'usage:write']
    apiKey = (await createBootstrapKey(t.stores.databaseUrl, { type: 'service', name: 'shop', scopes })).key
    // Inside of the package, so that imports find it, and where neither git nor other checks look.
    await mkdir(join(home, '.momentry'), { recursive: true })
    directory = await mkdtemp(join(home, '.momentry', 'readme-'))
  })
  afterAll(async () => {
    await rm(directory, { recursive: true, force: true })
    await t.close()
  })

  it('are all found', () => {
    expect(
      blocks.map((block) => /requireKey|createUsageReporter|createRotatingSecret|\w+Error/.exec(block)?.[0]),
    ).toEqual([
      undefined,
      'requireKey',
      'requireKey',
      'requireKey',
      'createUsageReporter',
      'createRotatingSecret',
      'MomentryClientError',
    ])
  })

  it.each(blocks.map((block, index) => [index + 1, block] as const))(
    'number %i does what it says',
    async (index, block) => {
      expect(block).toMatch(/^\/\/ → /m)
      const file = join(directory, `${index}.ts`)
      await writeFile(file, block)
      const { code, output } = await run(file, { MOMENTRY_URL: t.api.url ?? '', MOMENTRY_API_KEY: apiKey })
      expect(output).toMatch(expectations(block))
      expect(code, output).toBe(0)
    },
  )
})
