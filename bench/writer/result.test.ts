import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { keepResult, type Result, readResults } from './result.ts'

const result: Result = {
  machine: { cpu: 'A processor', cores: 2, memoryGiB: 8, os: 'A system' },
  versions: { 'Node.js': '26.10.0' },
  ...{ part: 'a-part', order: 0, name: 'a-row', work: 'some work', reference: '', unit: 'ms', goal: { atMost: 3 } },
  ...{ rounds: [{ subject: 2 }], seconds: 5, at: '2026-01-02T03:04:05.000Z' },
}

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'momentry-bench-test-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('of each row the last result is kept', async () => {
  await keepResult(folder, result)
  await keepResult(folder, { ...result, rounds: [{ subject: 1 }] })
  expect(await readdir(folder)).toEqual(['a-row.json'])
  expect(await readResults(folder, ['a-part'])).toEqual([{ ...result, rounds: [{ subject: 1 }] }])
})

test('they come in the order of the parts and of their rows; parts that are no more are left out', async () => {
  for (const [name, part, order] of [
    ['a', 'second', 1],
    ['b', 'second', 0],
    ['c', 'first', 0],
    ['d', 'gone', 0],
  ] as const)
    await keepResult(folder, { ...result, name, part, order })
  expect((await readResults(folder, ['first', 'second'])).map(({ name }) => name)).toEqual(['c', 'b', 'a'])
})

test('a file that is no result is refused', async () => {
  await writeFile(join(folder, 'other.json'), '{"name": "other"}')
  await expect(readResults(folder, ['a-part'])).rejects.toThrow('rounds')
})
