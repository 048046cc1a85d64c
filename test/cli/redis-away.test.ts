import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startPrivateRedis } from '../support/servers/private-servers.ts'
import type { TestServer } from '../support/servers/test-server.ts'
import { untilHolds } from '../support/until-holds.ts'
import { createInstallation, type Installation } from './support/installation.ts'
import { startCli } from './support/run-cli.ts'

let redis: TestServer
let momentry: Installation
let folder: string
beforeAll(async () => {
  redis = await startPrivateRedis()
  momentry = await createInstallation(['worker'], { REDIS_URL: redis.url })
  folder = await mkdtemp(join(tmpdir(), 'momentry-log-'))
})
afterAll(async () => {
  await momentry.close()
  await redis.close()
  await rm(folder, { recursive: true })
})

it('waits while Redis is away in the middle of an import, and each event is counted once', async () => {
  const lines = Array.from({ length: 6000 }, (_, index) => {
    const minute = String(Math.floor(index / 60) % 60).padStart(2, '0')
    const hour = String(Math.floor(index / 3600)).padStart(2, '0')
    const time = `04/Mar/2024:${hour}:${minute}:${String(index % 60).padStart(2, '0')} +0000`
    return `192.0.2.${index % 4} - - [${time}] "GET / HTTP/1.1" 200 5`
  })
  const file = join(folder, 'access.log')
  await writeFile(file, lines.join('\n'))

  const importing = startCli(['usage', 'import', file, '--key-by', 'host', '--batch', '60'], momentry.cliEnv)
  await untilHolds(() => expect(importing.stderr()).toMatch(/^sending \d+%/m))
  await redis.stop()
  await untilHolds(() => expect(importing.stderr()).toMatch(/REDIS_UNAVAILABLE.*trying again/))
  await redis.start()
  expect(await importing.finished).toMatchObject({ code: 0 })

  await untilHolds(async () => {
    const response = await fetch(`${momentry.url}/v1/stats?from=2024-03-04T00:00:00Z&to=2024-03-05T00:00:00Z`, {
      headers: { authorization: `Bearer ${momentry.secret}` },
    })
    expect(await response.json()).toMatchObject({ totals: { requests: 6000, addresses: 4 } })
  })
})
