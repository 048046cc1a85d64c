import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { freePort } from '@momentry/embedded/host/free-port.ts'
import { expect, inject, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/*
 * Found by the fault suite: where the launcher is killed, its children end by themselves, since whoever starts it again would
 * have two of each otherwise. All goes down together here, as it does when a machine is switched off in a hurry: nobody reads
 * what is logged, and no store is there either.
 */
it.each([
  ['before it has started', false],
  ['after that', true],
])('a process ends whose parent is gone %s', async (_, isReady) => {
  const [postgres, redis] = [await freePort(), await freePort()]
  const child = spawn(process.execPath, ['apps/api/src/main.ts'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: `postgres://nobody@127.0.0.1:${postgres}/nothing`,
      REDIS_URL: `redis://127.0.0.1:${redis}`,
      MOMENTRY_MASTER_KEY: inject('masterKey'),
      PORT: '0',
    },
  })
  const ended = once(child, 'exit')
  child.stdout?.resume()
  if (isReady) await once(child, 'message')
  for (const stream of [child.stdout, child.stderr]) stream?.destroy()
  child.disconnect()
  expect((await ended)[0]).toBe(0)
})
