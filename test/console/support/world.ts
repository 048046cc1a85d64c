import type { Browser, Page } from 'playwright-core'
import { type Harness, startHarness } from '../../api/harness.ts'
import { startProcess } from '../../support/processes/processes.ts'
import { type RemoteServer, startRemoteServer } from '../../support/remote/remote-server.ts'
import { createTestStores } from '../../support/stores.ts'
import { openBrowser, openPage, type View, type Watched } from './browser.ts'
import { type Seed, seed } from './seed.ts'

export interface World extends Harness {
  /** Takes what is sent to it, and answers 204. */
  receiver: RemoteServer
  browser: Browser
  seed: Seed
  /** Opens a page that is not signed in. */
  open(view: View): Promise<Watched>
  /** Opens one that is, by the key that holds everything unless another secret is given. */
  openSignedIn(view: View, secret?: string): Promise<Watched>
}

/** Starts all of Momentry, with keys and use in it, and a browser. */
export async function startWorld(): Promise<World> {
  const receiver = await startRemoteServer(() => ({ status: 204 }))
  const hosts = { ALERT_SINK_HOSTS: new URL(receiver.url).host }
  const stores = await createTestStores()
  const [harness, worker, alerter, browser] = await Promise.all([
    startHarness(hosts, stores),
    startProcess('worker', stores.env),
    startProcess('alerter', { ...stores.env, ...hosts }),
    openBrowser(),
  ])
  const origin = harness.api.url ?? ''
  const open = (view: View) => openPage(browser, origin, view)
  return {
    ...harness,
    receiver,
    browser,
    seed: await seed(harness.asRoot, harness.stores.env),
    open,
    async openSignedIn(view, secret = harness.root.key) {
      const watched = await open(view)
      await watched.page.goto('/console/')
      await signIn(watched.page, secret)
      return watched
    },
    async close() {
      await browser.close()
      await Promise.all([worker.stop(), alerter.stop()])
      await Promise.all([harness.close(), receiver.close()])
    },
  }
}

/** Signs in by keyboard: the field has the focus. @param title of the page that was asked for */
export async function signIn(page: Page, secret: string, title = 'Overview'): Promise<void> {
  await page.getByLabel('Secret').waitFor()
  await page.keyboard.insertText(secret)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: title }).waitFor()
}
