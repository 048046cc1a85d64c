import { afterAll, beforeAll, expect, it } from 'vitest'
import { untilHolds } from '../support/until-holds.ts'
import { callCli } from './support/call-cli.ts'
import { createInstallation, type Installation } from './support/installation.ts'
import { startCli } from './support/run-cli.ts'

let momentry: Installation
beforeAll(async () => {
  momentry = await createInstallation(['worker', 'alerter'])
})
afterAll(() => momentry.close())

it('shows the whole way: what the demo plants is found, told on the stream, listed and settled', async () => {
  const watching = startCli(['anomaly', 'watch', '--json'], momentry.cliEnv)
  const first = startCli(['anomaly', 'watch', '--count', '1'], momentry.cliEnv)
  for (const { stderr } of [watching, first]) {
    await untilHolds(() => expect(stderr()).toMatch(/watching for alerts/))
  }

  const demo = await callCli(['demo', '--keys', '6', '--days', '16', '--seed', '5'], momentry.cliEnv)
  expect(demo).toMatchObject({ code: 0 })
  expect(demo.stdout).toMatch(/^4 of 4 planted anomalies found in \d+ events$/m)
  expect(demo.stdout).not.toMatch(/MISSING| no /)

  // An anomaly that grows graver is told of again, with the same id.
  const detected = () =>
    watching
      .stdout()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
      .filter(({ type }) => type === 'anomaly.detected')
      .map(({ data }) => data)
  await untilHolds(() => {
    expect(
      detected()
        .map(({ rule }) => rule)
        .sort(),
    ).toEqual(['high_error_rate', 'high_request_rate', 'multiple_ips', 'unusual_time'])
  })
  watching.child.kill('SIGINT')
  expect((await watching.finished).code).toBe(0)
  const { code, stdout } = await first.finished
  expect([code, stdout.trimEnd().split('\n').length]).toEqual([0, 1])

  const listed = await callCli(['anomaly', 'list', '--json'], momentry.cliEnv)
  const rows: { id: string; rule: string }[] = JSON.parse(listed.stdout).data
  expect(rows.map(({ id }) => id).sort()).toEqual(
    detected()
      .map(({ id }) => id)
      .sort(),
  )

  const id = rows[0]?.id ?? ''
  expect((await callCli(['anomaly', 'acknowledge', id, '--note', 'on it'], momentry.cliEnv)).code).toBe(0)
  expect((await callCli(['anomaly', 'resolve', id], momentry.cliEnv)).stdout).toBe(`Resolved ${id}.\n`)
  const open = await callCli(['anomaly', 'list', '--state', 'open'], momentry.cliEnv)
  expect(open.stdout.trimEnd().split('\n')).toHaveLength(4)
  expect(open.stdout).not.toContain(id)
})

it('goes on with live traffic, of every outcome and with keys of every type', async () => {
  const live = startCli(['demo', '--live', '--no-follow', '--keys', '6', '--days', '16'], momentry.cliEnv)
  const read = async (path: string) =>
    (await fetch(`${momentry.url}${path}`, { headers: { authorization: `Bearer ${momentry.secret}` } })).text()
  const outcomes = ['VALID', 'REVOKED', 'DISABLED', 'INSUFFICIENT_SCOPE', 'RATE_LIMITED', 'NOT_FOUND', 'MALFORMED']
  await untilHolds(async () => {
    const { totals } = JSON.parse(await read('/v1/validations'))
    expect(Object.keys(totals)).toEqual(expect.arrayContaining(outcomes))
  })
  const { byType } = JSON.parse(await read('/v1/keys/summary'))
  expect(Object.values(byType).every((count) => Number(count) > 0)).toBe(true)
  live.child.kill('SIGTERM')
  const { code, stderr } = await live.finished
  expect(code, stderr).toBe(0)
})
