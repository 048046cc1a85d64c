import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openReport } from './refused-report.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'momentry-refused-'))
})
afterAll(() => rm(folder, { recursive: true }))

it('writes every refused line, for nobody else to read', async () => {
  const file = join(folder, 'refused.ndjson')
  const report = await openReport(file)
  for (let line = 1; line <= 5_000; line += 1) await report.add({ line, reason: 'is no JSON object' })
  await report.close()
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
  expect(lines).toHaveLength(5_000)
  expect(JSON.parse(lines.at(-1) ?? '')).toEqual({ line: 5_000, reason: 'is no JSON object' })
  expect((await stat(file)).mode & 0o077).toBe(0)
  expect(report.count()).toBe(5_000)
})

it('says at once that a file cannot be written, and needs none', async () => {
  await expect(openReport(join(folder, 'none', 'x'))).rejects.toMatchObject({ exitCode: 2 })
  const report = await openReport(undefined)
  await report.add({ line: 1, reason: 'x' })
  await report.close()
  expect(report.count()).toBe(1)
})
