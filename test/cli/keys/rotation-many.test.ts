import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callCli } from '../support/call-cli.ts'
import { createInstallation, type Installation } from '../support/installation.ts'

let momentry: Installation
beforeAll(async () => {
  momentry = await createInstallation(['worker'])
})
afterAll(() => momentry.close())

const run = (args: readonly string[]) => callCli(args, momentry.cliEnv)

async function createOwned(owner: string, count: number): Promise<string[]> {
  const ids: string[] = []
  for (let index = 0; index < count; index += 1) {
    const { stdout } = await run(['api-key', 'create', '--name', `of many ${index}`, '--owner', owner, '--json'])
    ids.push(JSON.parse(stdout).id)
  }
  return ids
}

describe('momentry api-key rotate --all', () => {
  it('rotates what matches, goes on over what is refused, and sums up', async () => {
    const owner = randomUUID()
    const ids = await createOwned(owner, 4)
    const [busy = '', revoked = ''] = ids
    expect((await run(['api-key', 'rotate', busy, '--wait'])).code).toBe(0)
    expect((await run(['api-key', 'revoke', revoked])).code).toBe(0)

    const all = await run(['api-key', 'rotate', '--all', '--owner', owner, '--wait', '--yes', '--json'])
    expect(all.code).toBe(1)
    expect(all.stderr).toMatch(/^3 active keys match:\nname +id +type +owner\n/m)
    const { queued, refused } = JSON.parse(all.stdout)
    expect(queued.map(({ keyId }: { keyId: string }) => keyId).sort()).toEqual(ids.slice(2).sort())
    expect(queued.map(({ state }: { state: string }) => state)).toEqual(['completed', 'completed'])
    expect(refused).toEqual([
      { keyId: busy, keyName: 'of many 0', reason: expect.stringMatching(/ROTATION_IN_PROGRESS/) },
    ])
    expect(all.stdout).not.toContain('mty_')
  })

  it('stops them all where it is forced', async () => {
    const owner = randomUUID()
    await createOwned(owner, 2)
    const forced = await run(['api-key', 'rotate', '--all', '--owner', owner, '--forced', '--wait', '-y'])
    expect([forced.code, forced.stdout]).toEqual([0, 'queued     2\nrefused    0\ncompleted  2\nfailed     0\n'])
  })

  it('leaves out the key that it asks with', async () => {
    const { code, stdout, stderr } = await run(['api-key', 'rotate', '--all', '--type', 'system', '--yes'])
    expect([code, stdout]).toEqual([0, 'queued     0\nrefused    0\n'])
    expect(stderr).toMatch(/^left out: "bootstrap", the key that you ask with.*\nno active keys match\n$/)
    const included = await run(['api-key', 'rotate', '--all', '--type', 'system', '--include-self', '--yes', '--wait'])
    expect([included.code, included.stdout]).toEqual([0, expect.stringMatching(/^completed {2}1$/m)])
  })
})
