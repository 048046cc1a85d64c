import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createClient, makeKey } from '../api/client.ts'
import { callCli } from './support/call-cli.ts'
import { createInstallation, type Installation } from './support/installation.ts'

let t: Installation
beforeAll(async () => {
  t = await createInstallation()
  await makeKey(createClient(t.url, t.secret))
})
afterAll(() => t.close())

it('momentry audit export makes a file that verify checks without a server, and finds changed', async () => {
  const file = join(t.dataDir, 'log.ndjson.gz')
  const exported = await callCli(['audit', 'export', '--out', file], t.cliEnv)
  expect(exported.code, exported.stderr).toBe(0)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  const key = join(t.dataDir, 'audit.pub')
  await writeFile(key, (await callCli(['audit', 'public-key'], t.cliEnv)).stdout)

  const verify = (path: string) => callCli(['audit', 'verify', '--file', path, '--public-key', key], {})
  expect(await verify(file)).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('intact: 2 rows') })
  const changed = join(t.dataDir, 'changed.ndjson')
  await writeFile(
    changed,
    gunzipSync(await readFile(file))
      .toString('utf8')
      .replace('"bootstrap"', '"Bootstrap"'),
  )
  expect(await verify(changed)).toMatchObject({ code: 1, stdout: expect.stringContaining('the first bad row is 1') })
})

it('momentry audit verify keeps an anchor, and tells a log that was set back', async () => {
  const anchor = join(t.dataDir, 'audit.anchor')
  const verify = () => callCli(['audit', 'verify', '--anchor', anchor], t.cliEnv)
  expect(await verify()).toMatchObject({ code: 0, stdout: expect.stringContaining('intact: 2 rows') })
  expect(await verify()).toMatchObject({ code: 0, stdout: expect.stringContaining('still holds row 2 as it was') })
  await writeFile(anchor, JSON.stringify({ day: '2026-01-05', seq: 3, hash: 'a'.repeat(64) }))
  expect(await verify()).toMatchObject({ code: 1, stdout: expect.stringContaining('the first bad row is 3') })
})
