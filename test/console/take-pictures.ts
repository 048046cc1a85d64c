// Makes the README's pictures anew: a demo of its own, in a directory that is gone afterwards, looked at by a real browser.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '@momentry/embedded/host/free-port.ts'
import { z } from 'zod'
import { openBrowser, openPage, settled, views } from './support/browser.ts'
import { signIn } from './support/world.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = join(root, 'docs/pictures')
const startMs = 180_000

const keys = z.object({ data: z.array(z.object({ id: z.string(), name: z.string() })) })
const anomalies = z.object({ data: z.array(z.object({ keyId: z.string() })) })

const activity = z.object({ lastUsedAt: z.string().nullable() })
const validations = z.object({ totals: z.record(z.string(), z.number()) })
const system = z.object({ totals: z.object({ usageLag: z.number() }) })

const dataDir = await mkdtemp(join(tmpdir(), 'momentry-pictures-'))
const port = await freePort()
const launcher = spawn(process.execPath, ['apps/launcher/src/main.ts', '--demo'], {
  cwd: root,
  stdio: ['ignore', 'pipe', 'inherit'],
  env: { ...process.env, MOMENTRY_DATA_DIR: dataDir, PORT: String(port) },
})
const origin = `http://127.0.0.1:${port}`
try {
  console.log('starting a demo')
  const secret = await readFirstKey()
  const browser = await openBrowser()
  const { page } = await openPage(browser, origin, { ...views.light, height: 900 })
  await page.goto(`${origin}/console/`)
  await signIn(page, secret)
  const get = async (path: string) =>
    (await fetch(`${origin}${path}`, { headers: { authorization: `Bearer ${secret}` } })).json()
  const shown = await waitFor(async () => {
    const { data } = anomalies.parse(await get('/v1/anomalies'))
    return data.length >= 3 ? data[0] : undefined
  })
  await waitFor(async () => {
    const { lastUsedAt } = activity.parse(await get(`/v1/keys/${shown.keyId}/activity`))
    const { totals } = validations.parse(await get('/v1/validations'))
    const { usageLag } = system.parse(await get('/v1/system')).totals
    return lastUsedAt !== null && Object.keys(totals).length > 2 && usageLag < 10 ? true : undefined
  })
  await mkdir(folder, { recursive: true })
  await page.reload()
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
  await settled(page)
  await page.screenshot({ path: join(folder, 'overview.png'), animations: 'disabled' })
  const { data } = keys.parse(await get('/v1/keys?limit=100'))
  const name = data.find(({ id }) => id === shown.keyId)?.name ?? ''
  await page.goto(`${origin}/console/keys/${shown.keyId}`)
  await page.getByRole('heading', { level: 1, name }).waitFor()
  await settled(page)
  await page.screenshot({ path: join(folder, 'key.png'), animations: 'disabled' })
  await browser.close()
  console.log('docs/pictures has overview.png and key.png')
} finally {
  launcher.kill('SIGTERM')
  await once(launcher, 'exit')
  await rm(dataDir, { recursive: true, force: true })
}

/** Waits until the demo has said all, and gives the first key's secret. */
async function readFirstKey(): Promise<string> {
  let output = ''
  launcher.stdout.on('data', (chunk) => (output += String(chunk)))
  await waitFor(async () => (output.includes('Ctrl-C') ? true : undefined))
  const text = await readFile(join(dataDir, 'credentials.json'), 'utf8')
  return z.looseObject({ key: z.string() }).parse(JSON.parse(text)).key
}

async function waitFor<Value>(look: () => Promise<Value | undefined>): Promise<Value> {
  const end = Date.now() + startMs
  while (Date.now() < end) {
    const found = await look()
    if (found !== undefined) return found
    await pause(500)
  }
  throw new Error('the demo did not come so far in time')
}
