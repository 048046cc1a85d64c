import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeSecret } from '@momentry/shared/keys/secret.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { scanPaths } from '../../apps/cli/src/leaks/scan.ts'
import { callCli } from '../cli/support/call-cli.ts'
import { runCli } from '../cli/support/run-cli.ts'

const makeSecretText = () => makeSecret('service').secret
const [inFile, deleted, outside, nested, inBinary] = [0, 0, 0, 0, 0].map(makeSecretText)
let folder: string
let root: string
const git = (directory: string, ...args: string[]) =>
  execFileSync('git', ['-C', directory, '-c', 'user.name=x', '-c', 'user.email=x@y', ...args], { stdio: 'pipe' })
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'momentry-scan-'))
  root = join(folder, 'shop')
  mkdirSync(join(root, 'src'), { recursive: true })
  git(root, 'init', '-q', '-b', 'main')
  writeFileSync(join(root, 'src/a.ts'), `// one\r\nconst key = '${inFile}'\r\n`)
  writeFileSync(join(root, 'old.env'), `\n\nKEY=${deleted}\n`)
  writeFileSync(join(root, 'big.bin'), Buffer.concat([Buffer.alloc(9 * 1024 * 1024), Buffer.from(inBinary ?? '')]))
  git(root, 'add', '.')
  git(root, 'commit', '-qm', 'first')
  git(root, 'checkout', '-qb', 'side')
  unlinkSync(join(root, 'old.env'))
  unlinkSync(join(root, 'big.bin'))
  git(root, 'commit', '-qam', 'second')
  git(root, 'checkout', '-q', 'main')
  writeFileSync(join(root, 'more.txt'), 'nothing')
  git(root, 'add', '.')
  git(root, 'commit', '-qm', 'third')
  git(root, 'merge', '-q', 'side')
  git(root, 'gc', '-q')
  mkdirSync(join(root, 'node_modules'))
  writeFileSync(join(root, 'node_modules/left.js'), `${outside}`)
  symlinkSync(join(root, 'src/a.ts'), join(root, 'link.ts'))
  mkdirSync(join(root, 'vendor/part'), { recursive: true })
  git(join(root, 'vendor/part'), 'init', '-q')
  writeFileSync(join(root, 'vendor/part/.env'), `${nested}`)
  git(join(root, 'vendor/part'), 'add', '.')
  git(join(root, 'vendor/part'), 'commit', '-qm', 'first')
  unlinkSync(join(root, 'vendor/part/.env'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** All finds, those of histories first; and what could not be looked into. */
async function scan(path: string, exclude: string[] = [], history = true) {
  const signal = new AbortController().signal
  const unread: { path: string; reason: string }[] = []
  const onUnread = (path: string, reason: string) => void unread.push({ path, reason })
  const options = { exclude, history, signal, onUnread, onFile: () => undefined }
  const found = await Array.fromAsync(scanPaths([path], options))
  const shown = found.map(({ secret, path, line, commit }) => ({ secret, path, line, commit }))
  const orderOf = ({ commit, path }: (typeof shown)[number]) => `${commit === undefined} ${path}`
  return { found: shown.toSorted((a, b) => orderOf(a).localeCompare(orderOf(b))), unread }
}
const clean = { found: [], unread: [] }
const anyCommit = expect.stringMatching(/^[0-9a-f]{40}$/)

it('finds what lies in files, and what was deleted from the history, each where it is', async () => {
  const first = git(root, 'rev-list', '--max-parents=0', 'main').toString().trim()
  expect((await scan(root, ['node_modules'])).found).toEqual([
    { secret: nested, path: '.env', line: 1, commit: anyCommit },
    { secret: inBinary, path: 'big.bin', line: 1, commit: first },
    { secret: deleted, path: 'old.env', line: 3, commit: first },
    { secret: inFile, path: 'src/a.ts', line: 2, commit: first },
    { secret: inFile, path: expect.stringMatching(/shop\/src\/a\.ts$/), line: 2, commit: undefined },
  ])
  const { found: now } = await scan(root, [], false)
  expect(now.map(({ secret }) => secret).toSorted()).toEqual([inFile, outside].toSorted())
})

it('leaves out of the history what is excluded, in all places where it lies', async () => {
  expect(await scan(root, ['src', 'vendor', '*.{bin,env}', 'node_modules'])).toEqual(clean)
  const copied = join(folder, 'copied')
  mkdirSync(join(copied, 'a'), { recursive: true })
  mkdirSync(join(copied, 'b'))
  git(copied, 'init', '-q')
  for (const place of ['a', 'b']) writeFileSync(join(copied, place, 'x'), `${inFile}`)
  git(copied, 'add', '.')
  git(copied, 'commit', '-qm', 'both')
  for (const [out, left] of [
    ['a', 'b'],
    ['b', 'a'],
  ] as const)
    expect((await scan(copied, [out])).found.map(({ path, commit }) => commit && path).filter(Boolean)).toEqual([
      `${left}/x`,
    ])
  expect(await scan(copied, ['?/x'])).toEqual(clean)
})

it('looks into a bare repository, and tells of one that is damaged', async () => {
  const bare = join(folder, 'bare.git')
  git(folder, 'clone', '-q', '--bare', root, bare)
  expect((await scan(bare)).found).toEqual([
    { secret: inBinary, path: 'big.bin', line: 1, commit: anyCommit },
    { secret: deleted, path: 'old.env', line: 3, commit: anyCommit },
    { secret: inFile, path: 'src/a.ts', line: 2, commit: anyCommit },
  ])
  const packs = join(bare, 'objects/pack')
  for (const name of readdirSync(packs)) rmSync(join(packs, name))
  expect(await scan(bare)).toEqual({
    found: [],
    unread: [{ path: expect.stringMatching(/bare\.git$/), reason: expect.any(String) }],
  })
})

it('momentry leak scan ends with 1 on a find, shows no secret, and reads standard input', async () => {
  const scanned = await callCli(['leak', 'scan', root, '--json'], {})
  expect(scanned.code, scanned.stderr).toBe(1)
  const { found, unread } = JSON.parse(scanned.stdout)
  expect(found).toHaveLength(6)
  expect(unread).toEqual([])
  expect(scanned.stdout + scanned.stderr).not.toMatch(/mty_[a-z]+_[0-9A-Za-z]/)
  expect(await runCli(['leak', 'scan', '-'], {}, `x ${inFile} y`)).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('-:1  mty_service_…'),
  })
  expect(await callCli(['leak', 'scan', join(root, 'none')], {})).toMatchObject({ code: 2 })
  expect(await callCli(['leak', 'scan', '--no-history', join(root, 'src', '..', '.git', 'HEAD')], {})).toMatchObject({
    code: 0,
  })
  // No git: what is in a repository must not look clean, and what is in none is nothing to it.
  const withoutGit = await runCli(['leak', 'scan', root, '--exclude', 'src', '--exclude', 'node_modules'], { PATH: '' })
  expect(withoutGit, withoutGit.stdout).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('could not be looked'),
  })
})
