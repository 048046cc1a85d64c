import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { untilHolds } from '../support/until-holds.ts'
import { callCli } from './support/call-cli.ts'
import { createInstallation, type Installation } from './support/installation.ts'
import { runCli, startCli } from './support/run-cli.ts'

let momentry: Installation
let folder: string
beforeAll(async () => {
  momentry = await createInstallation(['worker'])
  folder = await mkdtemp(join(tmpdir(), 'momentry-log-'))
})
afterAll(async () => {
  await momentry.close()
  await rm(folder, { recursive: true })
})

const start = Date.UTC(2024, 2, 4)

/** A log of one request a second, in which no agent is that of another log. */
function makeLog(lines: number, agents: number) {
  const tag = randomUUID()
  const agent = (index: number) => `agent ${tag} ${index % agents}`
  const text = Array.from({ length: lines }, (_, index) => {
    const [, month, day, year, time] =
      /^\w+, (\d+) (\w+) (\d+) (\S+)/.exec(new Date(start + index * 1000).toUTCString()) ?? []
    const status = index % 10 === 0 ? 500 : 200
    return `192.0.2.1 - - [${month}/${day}/${year}:${time} +0000] "GET /a HTTP/1.1" ${status} 5 "-" "${agent(index)}"`
  })
  return { text: `${text.join('\n')}\n`, tag, agent }
}

async function save(name: string, content: string | Buffer): Promise<string> {
  const file = join(folder, name)
  await writeFile(file, content)
  return file
}

async function importJson(file: string, ...options: string[]) {
  const result = await callCli(['usage', 'import', file, '--json', ...options], momentry.cliEnv)
  expect(result).toMatchObject({ code: 0 })
  return JSON.parse(result.stdout)
}

const keysSchema = z.object({ data: z.array(z.object({ id: z.string() })) })
const statsSchema = z.object({ totals: z.object({ requests: z.number() }) })

async function get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const headers = { authorization: `Bearer ${momentry.secret}` }
  return schema.parse(await (await fetch(`${momentry.url}${path}`, { headers })).json())
}

/** Requests of all keys whose names hold a text, as stats have them. */
async function requestsOf(tag: string): Promise<number> {
  const { data } = await get(`/v1/keys?limit=200&text=${tag}`, keysSchema)
  const range = 'from=2024-03-04T00:00:00Z&to=2024-03-06T00:00:00Z'
  const stats = await Promise.all(data.map(({ id }) => get(`/v1/keys/${id}/stats?${range}`, statsSchema)))
  return stats.reduce((sum, { totals }) => sum + totals.requests, 0)
}

/** Long enough for a machine that has much else to do. */
const inTime = { interval: 250 }

describe('momentry usage import', () => {
  it('makes a key for each value, names lines that it cannot read, and counts each event once', async () => {
    const log = makeLog(2500, 3)
    const lines = log.text.split('\n')
    lines.splice(1200, 0, 'this is no line of a log')
    const file = await save('first.log.gz', gzipSync(lines.join('\n')))
    const imported = await importJson(file, '--key-by', 'user-agent')
    expect(imported).toMatchObject({
      ...{ lines: 2501, events: 2500, keys: { made: 3, reused: 0 }, batches: 3 },
      unreadable: { count: 1, lines: [{ line: 1201, text: 'this is no line of a log' }] },
      first: new Date(start).toISOString(),
      last: new Date(start + 2_499_000).toISOString(),
    })
    await expect.poll(() => requestsOf(log.tag), inTime).toBe(2500)

    const again = await callCli(['usage', 'import', file, '--key-by', 'user-agent'], momentry.cliEnv)
    expect(again.code).toBe(0)
    expect(again.stderr).toMatch(/^line 1201: not in the common or combined format: this is no line/)
    expect(again.stdout).toMatch(/^already imported on .*, nothing to do \(--restart sends it again\)$/m)
    // Sent again, the server takes none of it for new; what comes after it on the streams is counted.
    const restarted = await importJson(file, '--key-by', 'user-agent', '--restart')
    expect(restarted).toMatchObject({ events: 2500, resumedAt: 0, keys: { made: 0, reused: 3 } })
    const more = makeLog(10, 1)
    await importJson(await save('more.log', more.text), '--key-by', 'user-agent')
    await expect.poll(() => requestsOf(more.tag), inTime).toBe(10)
    expect(await requestsOf(log.tag)).toBe(2500)
  })

  it('reports standard input to a key that is named', async () => {
    const name = randomUUID()
    const made = await callCli(['api-key', 'create', '--name', name, '--json'], momentry.cliEnv)
    const { id } = JSON.parse(made.stdout)
    const { text } = makeLog(50, 5)
    const imported = await runCli(['usage', 'import', '-', '--key', id], momentry.cliEnv, text)
    expect(imported.code).toBe(0)
    expect(imported.stdout).toMatch(/^events {6}50\nkeys {8}0 made, 1 reused$/m)
    await expect.poll(() => requestsOf(name), inTime).toBe(50)
  })

  it('loses and doubles nothing when the api is killed in between, and when it is killed itself', async () => {
    const log = makeLog(8000, 4)
    const file = await save('killed.log', log.text)
    const args = ['usage', 'import', file, '--key-by', 'user-agent', '--batch', '100']
    const acknowledged = (text: string) => [...text.matchAll(/^sending (\d+)%/gm)].length

    const first = startCli(args, momentry.cliEnv)
    await untilHolds(() => expect(acknowledged(first.stderr())).toBeGreaterThan(0))
    momentry.api.kill('SIGKILL')
    await momentry.api.exited
    await untilHolds(() => expect(first.stderr()).toMatch(/trying again for up to 300 s/))
    await momentry.restartApi()
    const before = acknowledged(first.stderr())
    await untilHolds(() => expect(acknowledged(first.stderr())).toBeGreaterThan(before))
    first.child.kill('SIGKILL')
    expect((await first.finished).code).toBeNull()

    const second = await callCli(args, momentry.cliEnv)
    expect(second.code).toBe(0)
    expect(second.stderr).toMatch(/^going on after batch \d+ of 80$/m)
    // The worker takes entries in order of arrival per partition: once the last events are in, so are all before them.
    await expect.poll(() => requestsOf(log.tag), inTime).toBe(8000)
    const more = makeLog(40, 40)
    await importJson(await save('after.log', more.text), '--key-by', 'user-agent')
    await expect.poll(() => requestsOf(more.tag), inTime).toBe(40)
    expect(await requestsOf(log.tag)).toBe(8000)
  })

  it('refuses to make more keys than it may', async () => {
    const file = await save('many.log', makeLog(20, 20).text)
    const result = await callCli(
      ['usage', 'import', file, '--key-by', 'user-agent', '--max-keys', '5'],
      momentry.cliEnv,
    )
    expect(result.code).toBe(2)
    expect(result.stderr).toMatch(/would make 20 keys: allow it with --max-keys 20/)
  })

  it('says that a file is empty', async () => {
    const result = await callCli(['usage', 'import', await save('empty.log', ''), '--key-by', 'host'], momentry.cliEnv)
    expect(result.code).toBe(1)
    expect(result.stderr).toMatch(/empty\.log is empty/)
  })

  it('refuses a file of which no line can be read', async () => {
    const file = await save('none.log', 'a\nb\n')
    const result = await callCli(['usage', 'import', file, '--key-by', 'host'], momentry.cliEnv)
    expect(result.code).toBe(1)
    expect(result.stderr).toMatch(/none of its 2 lines can be read/)
  })
})
