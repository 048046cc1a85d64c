import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerWith, type Receiver, startReceiver } from '../alert-sinks/senders/receiver.ts'
import { callCli } from './support/call-cli.ts'
import { createInstallation, type Installation } from './support/installation.ts'

let t: Installation
let receiver: Receiver
let isGone = false
beforeAll(async () => {
  receiver = await startReceiver((response, received) => answerWith(isGone ? 410 : 204)(response, received))
  t = await createInstallation([], { ALERT_SINK_HOSTS: receiver.host })
})
afterAll(async () => {
  await t.close()
  await receiver.close()
})

const sinks = (args: readonly string[], input = '') => callCli(['alert-sink', ...args], t.cliEnv, input)
const json = async (args: readonly string[], input = '') => {
  const { code, stdout, stderr } = await sinks([...args, '--json'], input)
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout)
}

describe('momentry alert-sink', () => {
  it('makes a webhook, shows its secret once, and tests it', async () => {
    const made = await sinks([
      'create',
      '--name',
      'deploy',
      '--webhook',
      `${receiver.url}/hook`,
      '--min-severity',
      'high',
    ])
    expect(made.code, made.stderr).toBe(0)
    expect(made.stderr).toContain('Keep the secret now')
    const secret = /^secret +(whsec_\S+)$/m.exec(made.stdout)?.[1] ?? ''
    expect(made.stdout).toContain('high or graver')

    expect(await sinks(['test', 'DEPLOY'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^The test arrived at deploy, which answered with 204, after \d+ ms\.\n$/),
    })
    const [{ headers, body } = { headers: {}, body: '' }] = receiver.received
    const given = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
    expect(new Webhook(secret).verify(body, given)).toMatchObject({ type: 'alert.test' })

    const shown = await sinks(['show', 'deploy'])
    expect(shown.stdout).toContain(`${receiver.url}/hook`)
    expect(shown.stdout).not.toContain('whsec_')
    const rotated = await json(['rotate-secret', 'deploy', '--overlap', '1h'])
    expect(rotated.secret).toMatch(/^whsec_/)
    expect(rotated.secret).not.toBe(secret)
    expect(rotated.previousSecretUntil).not.toBeNull()
  })

  it('takes what is secret from a file or standard input, and shows it nowhere', async () => {
    const file = join(t.dataDir, 'slack-url')
    const url = `${receiver.url}/services/T0/B0/a-secret-of-slack`
    await writeFile(file, `${url}\n`)
    const slack = await json([
      ...['create', '--name', 'chat', '--slack', '--secret-file', file, '--group', '5m'],
      ...['--quiet', '22:00-07:00', '--time-zone', 'Europe/Berlin', '--rule', 'high_request_rate,multiple_ips'],
    ])
    expect(slack).toMatchObject({
      groupSeconds: 300,
      routing: { rules: ['high_request_rate', 'multiple_ips'] },
      quietHours: { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' },
    })
    const pagerduty = await json(['create', '--name', 'on call', '--pagerduty'], 'a-routing-key\n')
    expect(JSON.stringify([slack, pagerduty])).not.toMatch(/a-secret-of-slack|a-routing-key/)

    const { stdout } = await sinks(['list'])
    expect(stdout).toMatch(new RegExp(`chat +slack +${receiver.host}`))
    expect(stdout).not.toMatch(/a-secret-of-slack|a-routing-key/)
  })

  it('changes what is named and keeps the rest; pauses and resumes', async () => {
    const changed = await json(['update', 'chat', '--min-severity', 'critical', '--quiet', 'none', '--rule', 'any'])
    expect(changed).toMatchObject({
      name: 'chat',
      groupSeconds: 300,
      quietHours: null,
      routing: { minSeverity: 'critical', rules: [] },
    })
    expect((await json(['pause', 'chat'])).state).toBe('paused')
    expect((await sinks(['resume', 'chat'])).stdout).toBe('chat gets alerts again.\n')
  })

  it('says what went wrong, by exit codes', async () => {
    isGone = true
    expect(await sinks(['test', 'deploy'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('the test did not arrive: it answered with 410'),
    })
    const { stdout } = await sinks(['deliveries', 'deploy', '--state', 'failed'])
    expect(stdout).toMatch(/failed +1 .*a test.*it answered with 410/)
    expect(await sinks(['create', '--name', 'x'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--webhook, --slack, --email or --pagerduty'),
    })
    expect(await sinks(['create', '--name', 'deploy', '--email', 'ada@example.com'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('of this name already'),
    })
  })

  it('deletes', async () => {
    expect((await sinks(['delete', 'deploy'])).stdout).toBe('Deleted deploy.\n')
    expect(await sinks(['show', 'deploy'])).toMatchObject({ code: 3 })
  })
})
