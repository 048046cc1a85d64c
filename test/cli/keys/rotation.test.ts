import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shareRotationHarness } from '../../rotation/support.ts'
import { untilHolds } from '../../support/until-holds.ts'
import { callCli } from '../support/call-cli.ts'
import { type SharedInstallation, shareInstallation } from '../support/installation.ts'
import { startCli } from '../support/run-cli.ts'

const secretLine = /^mty_service_\w{43}_\w{6}\n$/

let momentry: SharedInstallation
beforeAll(async () => {
  momentry = await shareInstallation(shareRotationHarness)
})
afterAll(() => momentry.close())

const run = (args: readonly string[], input?: string) => callCli(args, momentry.cliEnv, input)

/** What a command prints with `--json`, where it ends well. */
async function read(args: readonly string[], input?: string) {
  const { code, stdout, stderr } = await run([...args, '--json'], input)
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout)
}

const create = (...options: string[]): Promise<{ id: string; key: string }> =>
  read(['api-key', 'create', '--name', `k ${randomUUID()}`, ...options])

const codeOf = async (secret: string) => (await run(['api-key', 'validate'], secret)).stdout.split('\n')[0]
const completed = (rotationId: string) =>
  untilHolds(async () => {
    expect(await read(['rotation', 'show', rotationId])).toMatchObject({ state: 'completed' })
  })

describe('a rotation by hand', () => {
  it('goes its whole way: asked for, claimed by the holder, drained, ended', async () => {
    const { id, key: old } = await create()
    const asked = await run(['api-key', 'rotate', id, '--reason', 'spring cleaning'])
    expect([asked.code, asked.stdout.split('\n')[1]]).toEqual([0, expect.stringMatching(/^key {7}k .* \(service\)$/)])
    expect(asked.stderr).toMatch(/The old secret works on .*\n.*momentry api-key claim\n.*rotation show/)
    const rotationId = /^rotation {2}(\S+)$/m.exec(asked.stdout)?.[1] ?? ''
    await completed(rotationId)

    const claimed = await run(['api-key', 'claim', '--secret-stdin'], old)
    expect([claimed.code, claimed.stdout]).toEqual([0, expect.stringMatching(secretLine)])
    const successor = claimed.stdout.trim()
    const again = await callCli(['api-key', 'claim'], { ...momentry.cliEnv, MOMENTRY_API_KEY: old })
    expect(again.stdout.trim()).toBe(successor)
    expect((await run(['rotation', 'show', rotationId])).stdout).toMatch(/^claimed +by the holder, /m)
    expect([await codeOf(old), await codeOf(successor), await codeOf(successor)]).toEqual(['VALID', 'VALID', 'VALID'])

    // The first use of the successor ended the claiming, and validations tell who has come over.
    await untilHolds(async () => {
      const late = await run(['api-key', 'claim', '--secret-stdin'], old)
      expect([late.code, late.stdout]).toEqual([1, ''])
      expect(late.stderr).toMatch(/NOT_CLAIMABLE/)
    })
    await untilHolds(async () => {
      const { stdout } = await run(['rotation', 'show', rotationId])
      expect(stdout).toMatch(/^\d+ % of \d+ requests since the rotation came with the new secret$/m)
      expect(stdout).toMatch(/^old secret \(version 1\) {2}\d+ {2}█+/m)
      expect(stdout).toMatch(/^new secret \(version 2\) {2}2 {2}█+/m)
      expect(stdout).toMatch(/^still uses the old secret +requests +refused +last\n127\.0\.0\.1 +/m)
      expect(stdout).toMatch(/^grace +until \S+ \(\S+.* left\)$/m)
      expect(stdout).toMatch(/^reason +spring cleaning$/m)
    })

    expect((await run(['rotation', 'grace', rotationId, '1h'])).stdout).toMatch(
      /^The old secret works until .* left\)\.$/m,
    )
    expect((await run(['rotation', 'grace', rotationId, '--end'])).code).toBe(0)
    await expect.poll(() => codeOf(old)).toBe('ROTATED')
    const over = await run(['rotation', 'grace', rotationId, '1h'])
    expect([over.code, over.stderr]).toEqual([1, expect.stringMatching(/GRACE_OVER/)])
  })

  it('prints the new secret once it is there, with --wait', async () => {
    const { id } = await create()
    const waited = await run(['api-key', 'rotate', id, '--grace', '2h', '--wait'])
    expect([waited.code, waited.stdout]).toEqual([0, expect.stringMatching(/^secret {4}mty_service_\w{43}_\w{6}$/m)])
    expect(waited.stderr).toMatch(/the rotation is completed\n.*Keep the secret now/s)
    const [{ id: rotationId }] = (await read(['rotation', 'list', '--key', id])).data
    const fetched = await read(['rotation', 'secret', rotationId])
    expect(fetched).toEqual({ key: /^secret {4}(\S+)$/m.exec(waited.stdout)?.[1], keyId: id, secretVersion: 2 })
    const second = await run(['api-key', 'rotate', id])
    expect([second.code, second.stderr]).toEqual([1, expect.stringMatching(/ROTATION_IN_PROGRESS/)])
  })

  it('stops the old secret at once where it is forced, and leaves the new one to an operator', async () => {
    const { id, key: old } = await create()
    const rotation = await read(['api-key', 'rotate', id, '--forced', '--wait'])
    expect(rotation).toMatchObject({ kind: 'forced', state: 'completed', key: expect.stringMatching(/^mty_service_/) })
    await expect.poll(() => codeOf(old)).toBe('ROTATED')
    const claim = await run(['api-key', 'claim', '--secret-stdin'], old)
    expect([claim.code, claim.stdout]).toEqual([4, ''])
    expect(await codeOf(rotation.key)).toBe('VALID')
  })

  it('does not stop the key that is asked with', async () => {
    const { data } = await read(['api-key', 'list', '--type', 'system'])
    const { code, stderr } = await run(['api-key', 'rotate', data[0].id, '--forced'])
    expect([code, stderr]).toEqual([2, expect.stringMatching(/the key that you ask with/)])
  })

  it('claims by no key that was not given', async () => {
    const { code, stderr } = await run(['api-key', 'claim'])
    expect([code, stderr]).toEqual([4, expect.stringMatching(/no old secret/)])
  })

  it('is told of by anomaly watch', async () => {
    const watching = startCli(['anomaly', 'watch'], momentry.cliEnv)
    await untilHolds(() => expect(watching.stderr()).toMatch(/watching for alerts/))
    const { id } = await create()
    await read(['api-key', 'rotate', id, '--wait'])
    await untilHolds(() => expect(watching.stdout()).toMatch(/ {2}low +rotation\.completed +k /))
    watching.child.kill('SIGINT')
    expect((await watching.finished).code).toBe(0)
  })
})
