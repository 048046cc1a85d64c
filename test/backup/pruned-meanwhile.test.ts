import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { listBackups } from '@momentry/shared/backup/list.ts'
import { createDirectoryStorage } from '@momentry/shared/backup/storage/directory.ts'
import { afterAll, expect, inject, it } from 'vitest'

const folder = await mkdtemp(join(tmpdir(), 'momentry-pruned-'))
afterAll(() => rm(folder, { recursive: true }))

it('a backup that is pruned after the files were listed is not in the list, which goes on', async () => {
  const storage = createDirectoryStorage(folder)
  const list = async () => [...(await storage.list()), { path: '000007/manifest.json', bytes: 10, at: new Date() }]
  const found = await listBackups({ storage: { ...storage, list }, masterKeys: [inject('masterKey')] })
  expect(found).toEqual({ backups: [], unfinished: [], damaged: [] })
})
