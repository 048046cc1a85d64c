import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeSecret } from '@momentry/shared/keys/secret.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { scanPaths } from '../../apps/cli/src/leaks/scan.ts'
import { runCli } from '../cli/support/run-cli.ts'

const [inFile, deleted, outside] = [1, 2, 3].map(() => makeSecret('service').secret)
let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'momentry-scan-'))
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', root, '-c', 'user.name=x', '-c', 'user.email=x@y', ...args], { stdio: 'pipe' })
  git('init', '-q')
  mkdirSync(join(root, 'src'))
  writeFileSync(join(root, 'src/a.ts'), `// one\nconst key = '${inFile}'\n`)
  writeFileSync(join(root, 'old.env'), `\n\nKEY=${deleted}\n`)
  git('add', '.')
  git('commit', '-qm', 'first')
  unlinkSync(join(root, 'old.env'))
  git('commit', '-qam', 'second')
  mkdirSync(join(root, 'node_modules'))
  writeFileSync(join(root, 'node_modules/left.js'), `${outside}`)
  symlinkSync(join(root, 'src/a.ts'), join(root, 'link.ts'))
})
afterAll(() => rmSync(root, { recursive: true }))

const options = { signal: new AbortController().signal, onUnreadable: () => undefined, onFile: () => undefined }

it('finds what lies in files, and what was deleted from the history, each where it is', async () => {
  const found = await Array.fromAsync(scanPaths([root], { ...options, exclude: ['node_modules'], history: true }))
  const commit = expect.stringMatching(/^[0-9a-f]{40}$/)
  const shown = found.map(({ secret, path, line, commit }) => ({ secret, path: path.slice(-8), line, commit }))
  expect(
    shown.toSorted(
      (a, b) => a.path.localeCompare(b.path) || Number(b.commit === undefined) - Number(a.commit === undefined),
    ),
  ).toEqual([
    { secret: deleted, path: 'old.env', line: 3, commit },
    { secret: inFile, path: 'src/a.ts', line: 2, commit: undefined },
    { secret: inFile, path: 'src/a.ts', line: 2, commit },
  ])
  const now = await Array.fromAsync(scanPaths([root], { ...options, exclude: [], history: false }))
  expect(now.map(({ secret }) => secret).sort()).toEqual([inFile, outside].sort())
})

it('momentry leak scan ends with 1 on a find, shows no secret, and reads standard input', async () => {
  const scanned = await runCli(['leak', 'scan', root, '--json'], {})
  expect(scanned.code, scanned.stderr).toBe(1)
  expect(JSON.parse(scanned.stdout).found).toHaveLength(4)
  expect(scanned.stdout + scanned.stderr).not.toMatch(/mty_[a-z]+_[0-9A-Za-z]/)
  expect(await runCli(['leak', 'scan', '-'], {}, `x ${inFile} y`)).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('-:1  mty_service_…'),
  })
  expect(await runCli(['leak', 'scan', join(root, 'none')], {})).toMatchObject({ code: 2 })
  expect(await runCli(['leak', 'scan', '--no-history', join(root, 'src', '..', '.git', 'HEAD')], {})).toMatchObject({
    code: 0,
  })
})
