import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shareHarness } from '../../api/harness.ts'
import { untilHolds } from '../../support/until-holds.ts'
import { callCli } from '../support/call-cli.ts'
import { type SharedInstallation, shareInstallation } from '../support/installation.ts'
import { type RunningCli, startCli } from '../support/run-cli.ts'

/** No worker runs, so that what is queued stays queued. */
let momentry: SharedInstallation
beforeAll(async () => {
  momentry = await shareInstallation(shareHarness)
})
afterAll(() => momentry.close())

const run = (args: readonly string[]) => callCli(args, momentry.cliEnv)

async function create(): Promise<string> {
  const { stdout } = await run(['api-key', 'create', '--name', 'waiting', '--json'])
  return JSON.parse(stdout).id
}

/** Begins a rotation that waits; gives its id once it is queued. */
async function wait(keyId: string): Promise<{ rotationId: string; waiting: RunningCli }> {
  const waiting = startCli(['api-key', 'rotate', keyId, '--wait'], momentry.cliEnv)
  await untilHolds(() => expect(waiting.stderr()).toMatch(/the rotation is queued/))
  return { rotationId: /waiting for rotation (\S+)/.exec(waiting.stderr())?.[1] ?? '', waiting }
}

describe('a rotation that is queued', () => {
  it('is cancelled, which ends the waiting for it', async () => {
    const keyId = await create()
    const { rotationId, waiting } = await wait(keyId)
    const queued = await run(['rotation', 'list', '--key', keyId, '--state', 'queued'])
    expect(queued.stdout).toContain(rotationId)
    expect((await run(['rotation', 'cancel', rotationId])).stdout).toBe(`Cancelled ${rotationId}.\n`)
    const { code, stdout, stderr } = await waiting.finished
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^error: the rotation is cancelled/m)
    const secret = await run(['rotation', 'secret', rotationId])
    expect([secret.code, secret.stderr]).toEqual([1, expect.stringMatching(/NOT_CLAIMABLE/)])
  })

  it('goes on where the waiting for it is interrupted', async () => {
    const { rotationId, waiting } = await wait(await create())
    waiting.child.kill('SIGINT')
    expect(await waiting.finished).toMatchObject({ code: 130, stdout: '' })
    const shown = await run(['rotation', 'show', rotationId])
    expect(shown.stdout).toMatch(/^state +queued$/m)
    expect(shown.stdout).not.toMatch(/^(grace|claimed)/m)
  })
})

describe('wrong usage', () => {
  const id = '01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a'
  it.each([
    ['neither a key nor --all', ['api-key', 'rotate'], 2],
    ['a key and --all', ['api-key', 'rotate', id, '--all'], 2],
    ['many without a terminal or --yes', ['api-key', 'rotate', '--all'], 2],
    ['a filter without --all', ['api-key', 'rotate', id, '--type', 'user'], 2],
    ['a grace of a forced rotation', ['api-key', 'rotate', id, '--forced', '--grace', '2h'], 2],
    ['no length of time', ['api-key', 'rotate', id, '--grace', 'long'], 2],
    ['a grace that is to end and to last', ['rotation', 'grace', id, '2h', '--end'], 2],
    ['nothing to change', ['api-key', 'update', id], 2],
    ['a private key that is none', ['api-key', 'claim', '--private-key', 'package.json'], 2],
    ['a key that is not there', ['api-key', 'rotate', id], 3],
    ['a rotation that is not there', ['rotation', 'show', id], 3],
    ['a job that is not there', ['job', 'show', id], 3],
  ])('%s', async (_name, args, code) => {
    const result = await run(args)
    expect({ code: result.code, stdout: result.stdout }).toEqual({ code, stdout: '' })
    expect(result.stderr).toMatch(/^error: \S/)
  })

  it('is helped by examples of every command', async () => {
    const leaves = [
      ...['rotate', 'claim', 'update'].map((verb) => ['api-key', verb]),
      ...['list', 'show', 'secret', 'grace', 'cancel'].map((verb) => ['rotation', verb]),
      ...['list', 'show', 'retry'].map((verb) => ['job', verb]),
    ]
    for (const args of leaves) {
      const { code, stdout } = await run([...args, '--help'])
      expect([args.join(' '), code]).toEqual([args.join(' '), 0])
      expect(stdout).toContain('Examples:')
    }
  })
})
