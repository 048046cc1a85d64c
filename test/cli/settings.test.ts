import { afterAll, beforeAll, expect, it } from 'vitest'
import { callCli } from './support/call-cli.ts'
import { createInstallation, type Installation } from './support/installation.ts'

let momentry: Installation
beforeAll(async () => {
  momentry = await createInstallation()
})
afterAll(() => momentry.close())

const settings = (...args: string[]) => callCli(['settings', ...args], momentry.cliEnv)

it('sets thresholds, shows them, and takes them back', async () => {
  const set = await settings('set-threshold', 'requestsPerMinute=2000', 'errorRate=0.25')
  expect(set.code, set.stderr).toBe(0)
  expect(set.stdout).toMatch(/^requestsPerMinute +2000 +1000 +yes/m)
  expect(set.stdout).toMatch(/^ipsPerHour +5 +5 /m)
  await settings('set-threshold', 'errorRate=default')
  const shown = JSON.parse((await settings('show', '--json')).stdout)
  expect(shown).toMatchObject({ anomaly: { overridden: ['requestsPerMinute'], thresholds: { errorRate: 0.5 } } })
  expect((await settings('reset')).stdout).not.toContain('yes')
})

it('refuses what is none', async () => {
  for (const wrong of ['none=1', 'errorRate', 'errorRate=much', 'errorRate=3'])
    expect((await settings('set-threshold', wrong)).code, wrong).toBe(2)
})
