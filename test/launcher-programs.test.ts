import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hashPrograms, notePrograms, programsAreBuilt } from '../scripts/setup/programs.mjs'

let root: string

const write = async (file: string, text: string) => {
  await mkdir(dirname(join(root, file)), { recursive: true })
  await writeFile(join(root, file), text)
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'momentry-programs-'))
  await write('apps/api/src/main.ts', 'export {}\n')
  await write('apps/api/package.json', '{}\n')
  await write('packages/shared/src/keys/find.ts', 'export {}\n')
  await write('package-lock.json', '{}\n')
  await mkdir(join(root, 'dist/programs'), { recursive: true })
})

afterAll(() => rm(root, { recursive: true, force: true }))

test('a build is of the sources that it was made of, and of no others', async () => {
  expect(programsAreBuilt(root)).toBe(false)
  notePrograms(root, hashPrograms(root))
  expect(programsAreBuilt(root)).toBe(true)

  await write('packages/shared/src/keys/find.test.ts', 'export {}\n')
  expect(programsAreBuilt(root)).toBe(true)

  await write('packages/shared/src/keys/find.ts', 'export const changed = 1\n')
  expect(programsAreBuilt(root)).toBe(false)
  await write('packages/shared/src/keys/find.ts', 'export {}\n')
  expect(programsAreBuilt(root)).toBe(true)

  await write('packages/shared/src/keys/other.ts', 'export {}\n')
  expect(programsAreBuilt(root)).toBe(false)
})

test('a build that is being made is of nothing', () => {
  notePrograms(root, hashPrograms(root))
  notePrograms(root, undefined)
  expect(programsAreBuilt(root)).toBe(false)
})

test('a copy elsewhere counts as the same', async () => {
  notePrograms(root, hashPrograms(root))
  const copy = await mkdtemp(join(tmpdir(), 'momentry-programs-'))
  try {
    await cp(root, copy, { recursive: true })
    expect(programsAreBuilt(copy)).toBe(true)
  } finally {
    await rm(copy, { recursive: true, force: true })
  }
})
