import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createClient } from '../../api/client.ts'
import { createRequests, shareRotationHarness } from '../../rotation/support.ts'
import { callCli } from '../support/call-cli.ts'
import { type SharedInstallation, shareInstallation } from '../support/installation.ts'

let t: SharedInstallation
beforeAll(async () => {
  t = await shareInstallation(shareRotationHarness)
})
afterAll(() => t.close())

const credentials = async () => JSON.parse(await readFile(join(t.dataDir, 'credentials.json'), 'utf8'))

it('the first system key renews itself: the next command fetches its new secret and keeps it', async () => {
  const { keyId } = await credentials()
  const { id } = await createRequests(createClient(t.url, t.secret)).rotate(keyId)
  const listed = await callCli(['api-key', 'list', '--json'], t.cliEnv)
  expect(listed.code, listed.stderr).toBe(0)
  expect(listed.stderr).toContain('was rotated, and is the new one now')
  const { key, keyId: same } = await credentials()
  expect([key === t.secret, same]).toEqual([false, keyId])

  const quiet = await callCli(['rotation', 'show', id, '--json'], t.cliEnv)
  expect(quiet.stderr).toBe('')
  const read = () => createRequests(createClient(t.url, key)).read(id)
  await expect.poll(async () => (await read()).firstUsedAt).not.toBeNull()
})

it('leaves a key that was given to whoever gave it', async () => {
  const before = await credentials()
  const listed = await callCli(['api-key', 'list', '--json'], { ...t.cliEnv, MOMENTRY_API_KEY: t.secret })
  expect([listed.code, listed.stderr]).toEqual([0, ''])
  expect(await credentials()).toEqual(before)
})
