import { execFile, spawnSync } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { parts } from '../../bench/parts.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const programs = ['wrk', 'taskset', 'redis-benchmark']
const missing = programs.filter((program) => spawnSync(program, ['--version']).error !== undefined)
/** It starts a good dozen programs, on a machine that runs other tests meanwhile. */
const timeout = 600_000

/** @returns the lines of a run that tell of rows, by part */
function rowsByPart(output: string): Map<string, string[]> {
  const rows = new Map<string, string[]>()
  let current = ''
  for (const line of output.split('\n')) {
    current = parts.find(({ name, title }) => line === `${name}: ${title}`)?.name ?? current
    const known = rows.get(current) ?? []
    rows.set(current, /^ {2}(met {2}|unmet) /.test(line) ? [...known, line] : known)
  }
  return rows
}

// Whether goals are met is not asked here: a machine that does other things at the same time tells nothing about that.
test.skipIf(missing.length > 0)('each part of the bench works and gives rows', { timeout }, async () => {
  const run = promisify(execFile)(process.execPath, ['bench/main.ts', '--smoke'], { cwd: root, timeout })
  const { stdout } = await run
  const rows = rowsByPart(stdout)
  for (const { name } of parts) expect(rows.get(name), `rows of ${name} in:\n${stdout}`).not.toHaveLength(0)
  expect([...rows.keys()]).toEqual(parts.map(({ name }) => name))
})
