import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { createLocator } from './locate.ts'

const root = await mkdtemp(join(tmpdir(), 'momentry-bench-test-'))
afterAll(() => rm(root, { recursive: true }))
const locate = createLocator(root)
const call = (url: string, functionName = 'run') => locate({ functionName, url, lineNumber: 1, columnNumber: 0 })
const urlOf = (path: string) => pathToFileURL(join(root, path)).href

test('by whose code it is', () => {
  expect(call(urlOf('apps/api/src/main.ts'))).toEqual({ name: 'run', file: 'apps/api/src/main.ts:2', kind: 'ours' })
  expect(call(urlOf('node_modules/hono/dist/hono.js'))).toMatchObject({
    file: 'node_modules/hono/dist/hono.js:2',
    kind: 'dependency',
  })
  expect(call('node:net')).toEqual({ name: 'run', file: 'node:net', kind: 'node' })
  expect(call('', '(garbage collector)')).toEqual({ name: '(garbage collector)', file: '', kind: 'native' })
  expect(call(urlOf('a.ts'), '').name).toBe('(anonymous)')
})

test('a file outside the repository has no name', () => {
  expect(call('file:///home/someone/secret.js').file).toBe('')
})

test('a place in a bundle is where it comes from', async () => {
  // The second line of the bundle is the first of the source.
  const map = { version: 3, sources: ['packages/shared/src/a.ts'], names: [], mappings: ';AAAA' }
  await writeFile(join(root, 'bundle.js.map'), JSON.stringify(map))
  expect(call(urlOf('bundle.js'))).toEqual({ name: 'run', file: 'packages/shared/src/a.ts:1', kind: 'ours' })
})
