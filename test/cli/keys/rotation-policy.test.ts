import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shareRotationHarness } from '../../rotation/support.ts'
import { callCli } from '../support/call-cli.ts'
import { type SharedInstallation, shareInstallation } from '../support/installation.ts'

let momentry: SharedInstallation
let folder: string
beforeAll(async () => {
  momentry = await shareInstallation(shareRotationHarness)
  folder = await mkdtemp(join(tmpdir(), 'momentry-keys-'))
})
afterAll(async () => {
  await momentry.close()
  await rm(folder, { recursive: true })
})

const run = (args: readonly string[], input?: string) => callCli(args, momentry.cliEnv, input)

async function read(args: readonly string[], input?: string) {
  const { code, stdout, stderr } = await run([...args, '--json'], input)
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout)
}

const create = (name: string, ...options: string[]): Promise<{ id: string; key: string }> =>
  read(['api-key', 'create', '--name', name, ...options])

const pkcs8 = { type: 'pkcs8', format: 'pem' } as const
const spki = { type: 'spki', format: 'pem' } as const

/** Writes a pair of keys as PEM, and gives where they are. */
async function writePair(type: 'x25519' | 'rsa'): Promise<{ privateFile: string; publicFile: string }> {
  const pair = type === 'rsa' ? generateKeyPairSync(type, { modulusLength: 2048 }) : generateKeyPairSync(type)
  const privateFile = join(folder, `${type}.pem`)
  const publicFile = join(folder, `${type}.pub.pem`)
  await writeFile(privateFile, pair.privateKey.export(pkcs8))
  await writeFile(publicFile, pair.publicKey.export(spki))
  return { privateFile, publicFile }
}

describe("a holder's public key", () => {
  it.each(['x25519', 'rsa'] as const)('keeps new secrets from everybody else: %s', async (type) => {
    const { privateFile, publicFile } = await writePair(type)
    const { id, key: old } = await create(type, '--public-key', publicFile)
    expect((await run(['api-key', 'get', id])).stdout).toMatch(new RegExp(`^publicKey +${type}, SHA-256 \\w{64}$`, 'm'))
    const rotation = await read(['api-key', 'rotate', id, '--wait'])
    expect(rotation.encryptedKey).toMatchObject({ algorithm: expect.any(String), ciphertext: expect.any(String) })
    expect(JSON.stringify(rotation)).not.toContain('mty_')

    const blind = await run(['api-key', 'claim', '--secret-stdin'], old)
    expect([blind.code, blind.stdout]).toEqual([1, ''])
    expect(blind.stderr).toMatch(/--private-key FILE/)
    const claimed = await run(['api-key', 'claim', '--secret-stdin', '--private-key', privateFile], old)
    expect([claimed.code, claimed.stdout]).toEqual([0, expect.stringMatching(/^mty_service_\w{43}_\w{6}\n$/)])
    expect((await run(['api-key', 'validate'], claimed.stdout)).code).toBe(0)
  })

  it('is all that is sent, also of a file that holds the private one', async () => {
    const { privateFile, publicFile } = await writePair('x25519')
    const { id } = await create('both halves', '--public-key', privateFile)
    const { publicKey } = await read(['api-key', 'get', id])
    await read(['api-key', 'update', id, '--public-key', 'none'])
    expect((await read(['api-key', 'get', id])).publicKey).toBeNull()
    expect(await read(['api-key', 'update', id, '--public-key', publicFile])).toMatchObject({ publicKey })
  })
})

describe('the policy of a key', () => {
  it('is set with the key, and changed by what is named only', async () => {
    const options = ['--rotate-every', '30d', '--grace', '2h', '--on-anomaly', 'rotate', '--dry-run']
    const { id } = await create('careful', ...options)
    const made = await read(['api-key', 'get', id])
    expect(made.policy).toEqual({
      rotation: { intervalSeconds: 2_592_000, graceSeconds: 7200 },
      onAnomaly: 'rotate',
      dryRun: true,
    })
    expect((await run(['api-key', 'list', '--search', 'careful'])).stdout).toContain(made.nextRotationAt.slice(0, 10))
    const changed = await read([
      'api-key',
      'update',
      id,
      '--min-severity',
      'critical',
      '--no-dry-run',
      '--name',
      'calm',
    ])
    expect(changed).toMatchObject({
      name: 'calm',
      policy: { ...made.policy, minimumSeverity: 'critical', dryRun: false },
    })
    const never = await read(['api-key', 'update', id, '--rotate-every', 'never', '--grace', 'default'])
    expect([never.policy.rotation, never.nextRotationAt]).toEqual([{ intervalSeconds: null }, null])
  })

  it('stays as it is where only the key changes', async () => {
    const { id, key } = await create('switched', '--grace', '1h', '--expires', '2h')
    expect((await run(['api-key', 'update', id, '--disable'])).stdout).toBe(`Updated ${id}.\n`)
    await expect.poll(async () => (await run(['api-key', 'validate'], key)).stdout.split('\n')[0]).toBe('DISABLED')
    const enabled = await read(['api-key', 'update', id, '--enable', '--expires', 'never', '--scope', 'usage:write'])
    expect(enabled).toMatchObject({ status: 'active', expiresAt: null, scopes: ['usage:write'] })
    expect(enabled.policy).toEqual({ rotation: { graceSeconds: 3600 } })
  })
})

describe('momentry job', () => {
  it('shows the job of a rotation with its steps, and retries nothing that did not fail', async () => {
    const { id } = await create('worked on')
    const { jobId } = await read(['api-key', 'rotate', id, '--wait'])
    const listed = await read(['job', 'list', '--key', id])
    expect(listed.data).toMatchObject([{ id: jobId, queue: 'rotations', keyId: id }])
    const shown = await run(['job', 'show', jobId])
    expect(shown.stdout).toMatch(/^attempt +step +status +took/m)
    expect(shown.stdout).toMatch(/^ +1 +\S+ +completed +[\d.]+ m?s/m)
    const retried = await run(['job', 'retry', jobId])
    expect([retried.code, retried.stderr]).toEqual([1, expect.stringMatching(/CONFLICT/)])
  })
})
