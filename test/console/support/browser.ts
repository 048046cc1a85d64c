import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'

/** Where a run with PICTURES=1 leaves its pictures. */
const pictures = fileURLToPath(new URL('../../../coverage/console', import.meta.url))
const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
]

/** Starts the Chromium of this machine. @throws Error where there is none, with what to do */
export async function openBrowser(): Promise<Browser> {
  const executablePath = process.env['MOMENTRY_CHROMIUM'] ?? places.find((place) => existsSync(place))
  if (executablePath === undefined)
    throw new Error('no Chromium: install it (Debian: apt-get install chromium), or set MOMENTRY_CHROMIUM')
  // As root, in containers, Chromium's own sandbox cannot be made; what it opens is our own page.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
}

export interface View {
  name: string
  width: number
  height: number
  colorScheme: 'light' | 'dark'
}

export const views = {
  light: { name: 'light', width: 1280, height: 800, colorScheme: 'light' },
  dark: { name: 'dark', width: 1280, height: 800, colorScheme: 'dark' },
  phone: { name: 'phone', width: 390, height: 844, colorScheme: 'light' },
} as const satisfies Record<string, View>

/** What a page did that it must not: errors on its console, requests that left the machine. */
export interface Watched {
  page: Page
  problems: string[]
}

/** Opens a page, and notes what goes wrong on it. @param origin the only one that it may ask */
export async function openPage(browser: Browser, origin: string, view: View): Promise<Watched> {
  const context = await browser.newContext({
    baseURL: origin,
    viewport: { width: view.width, height: view.height },
    colorScheme: view.colorScheme,
    reducedMotion: 'reduce',
    timezoneId: 'UTC',
    locale: 'en-GB',
  })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin })
  context.setDefaultTimeout(180_000)
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(`threw: ${error.message}`))
  page.on('console', (message) => {
    // How the page learns that nobody is signed in, or nobody any more.
    const isAsking = message.text().includes('401')
    if (message.type() === 'error' && !isAsking) problems.push(`console: ${message.text()} ${message.location().url}`)
  })
  page.on('request', (request) => {
    const { protocol, origin: asked } = new URL(request.url())
    if (protocol.startsWith('http') && asked !== origin) problems.push(`left the machine: ${request.url()}`)
  })
  return { page, problems }
}

/** Looks at a page in another way from now on. */
export async function look(page: Page, { width, height, colorScheme }: View): Promise<void> {
  await page.setViewportSize({ width, height })
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
}

/** Takes a picture of the whole page, for people to look at, where the run was asked for them. */
export async function takePicture(page: Page, name: string): Promise<void> {
  if (process.env['PICTURES'] !== '1') return
  await mkdir(pictures, { recursive: true })
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true, animations: 'disabled' })
}

/** Waits until nothing on the page is still loading. */
export async function settled(page: Page): Promise<void> {
  const loading = page.locator('[aria-busy=true]')
  while ((await loading.count()) > 0) await loading.first().waitFor({ state: 'detached' })
}
