import { randomUUID } from 'node:crypto'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { batchIdempotencyKey, createProgressFile, type ImportProgress } from './progress-file.ts'

const identity = { digest: 'abc', mapping: 'by host', server: 'local' }

function progress(acknowledged: number): ImportProgress {
  return {
    ...{ file: 'access.log', server: 'local', mapping: 'by host', batchSize: 1000, asOf: '2026-01-01T00:00:00.000Z' },
    ...{ anchorKeyId: randomUUID(), batches: 5, acknowledged, events: 4321 },
  }
}

describe('createProgressFile', () => {
  let dataDir: string
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'momentry-test-'))
  })
  afterEach(() => rm(dataDir, { recursive: true }))

  it('gives back what was written last', async () => {
    const file = createProgressFile(dataDir, identity)
    expect(await file.read()).toBeUndefined()
    await file.write(progress(1))
    const second = progress(2)
    await file.write(second)
    expect(await file.read()).toEqual(second)
  })

  it('is readable by its owner only', async () => {
    await createProgressFile(dataDir, identity).write(progress(1))
    const [name = ''] = await readdir(join(dataDir, 'imports'))
    expect((await stat(join(dataDir, 'imports', name))).mode & 0o777).toBe(0o600)
  })

  it.each([{ digest: 'abd' }, { mapping: 'by user-agent' }, { server: 'http://example.com/' }])(
    'takes an import with another %j for another one',
    async (other) => {
      await createProgressFile(dataDir, identity).write(progress(1))
      expect(await createProgressFile(dataDir, { ...identity, ...other }).read()).toBeUndefined()
    },
  )

  it('refuses a file that it did not write', async () => {
    const file = createProgressFile(dataDir, identity)
    await file.write(progress(1))
    const [name = ''] = await readdir(join(dataDir, 'imports'))
    await writeFile(join(dataDir, 'imports', name), '{"acknowledged": -1}')
    await expect(file.read()).rejects.toThrow(/is not what Momentry writes there/)
  })
})

describe('batchIdempotencyKey', () => {
  it('is the same for the same batch, and another for another', () => {
    const keys = [
      batchIdempotencyKey('abc', 'by host', 1000, 1),
      batchIdempotencyKey('abc', 'by host', 1000, 2),
      batchIdempotencyKey('abc', 'by host', 100, 1),
      batchIdempotencyKey('abc', 'by user-agent', 1000, 1),
      batchIdempotencyKey('abd', 'by host', 1000, 1),
    ]
    expect(new Set(keys).size).toBe(keys.length)
    expect(batchIdempotencyKey('abc', 'by host', 1000, 1)).toBe(keys[0])
  })
})
