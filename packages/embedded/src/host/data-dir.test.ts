import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeDataDir } from './data-dir.ts'

let base: string

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'momentry-data-dir-'))
  await writeFile(join(base, 'file'), '')
})
afterAll(() => rm(base, { recursive: true, force: true }))

test('it is made with what is missing above it, closed to others, and kept where it is there', async () => {
  const dir = join(base, 'a', 'b')
  await makeDataDir(dir)
  await makeDataDir(dir)
  for (const made of [join(base, 'a'), dir]) expect((await stat(made)).mode & 0o777).toBe(0o700)
})

test.each([
  ['a file', 'file'],
  ['below a file', 'file/x'],
])('%s is refused, with the variable', async (_, path) => {
  await expect(makeDataDir(join(base, path))).rejects.toThrow(
    /^MOMENTRY_DATA_DIR: \S+ is no directory .*\(EEXIST: [^,]+\)$/,
  )
})

test.runIf(process.platform === 'linux')('a place where nothing can be made is refused at once', async () => {
  await expect(makeDataDir('/proc/x/y')).rejects.toThrow(/^MOMENTRY_DATA_DIR: \/proc\/x\/y /)
})
