import { spawnSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hashPrograms, notePrograms } from '../../scripts/setup/programs.mjs'

const checkout = fileURLToPath(new URL('../..', import.meta.url))
let root: string

const write = async (file: string, text: string) => {
  await mkdir(dirname(join(root, file)), { recursive: true })
  await writeFile(join(root, file), text)
}
/** What runs, with what it was given. */
const momentry = (...args: string[]) =>
  spawnSync(process.execPath, [join(root, 'apps/cli/momentry.mjs'), ...args], { encoding: 'utf8' }).stdout

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'momentry-bundled-'))
  for (const place of ['apps/cli/momentry.mjs', 'apps/cli/package.json', 'scripts/setup'])
    await cp(join(checkout, place), join(root, place), { recursive: true })
  const say = (what: string) => `console.log(${JSON.stringify(what)}, process.argv.slice(2).join())\n`
  await write('apps/cli/src/main.ts', say('sources'))
  await write('dist/programs/cli.js', say('bundle'))
  await write('package.json', '{"type":"module"}\n')
})
afterAll(() => rm(root, { recursive: true, force: true }))

test('runs from its bundle where that is of the sources that are there', async () => {
  expect(momentry('job', 'list')).toBe('sources job,list\n')
  notePrograms(root, hashPrograms(root))
  expect(momentry('job', 'list')).toBe('bundle job,list\n')
  await write('packages/shared/src/new.ts', 'export {}\n')
  expect(momentry('job', 'list')).toBe('sources job,list\n')
})

test('is what the checkout has as its command', () => {
  const run = spawnSync(process.execPath, [join(checkout, 'apps/cli/momentry.mjs'), '--version'], { encoding: 'utf8' })
  expect(run).toMatchObject({ stdout: '0.1.0\n', stderr: '', status: 0 })
})
