import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { untilHolds } from '../support/until-holds.ts'
import { look, settled, takePicture, views, type Watched } from './support/browser.ts'
import { scan } from './support/scan.ts'
import { storm } from './support/seed.ts'
import { startWorld, type World } from './support/world.ts'

/** How much wider than its window a page is, in px. */
const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'

const anomalies = z.looseObject({ data: z.tuple([z.looseObject({ id: z.string() })]) })

let w: World
let anomalyId: string
let rotationId: string
/** One page for all views: in each new one the browser would read and compile the whole console again. */
let watched: Watched
beforeAll(async () => {
  w = await startWorld()
  await storm(w.asRoot, w.seed.payments.id)
  const asked = await w.asRoot('POST', `/v1/keys/${w.seed.longName.id}/rotate`, { body: { reason: 'the yearly one' } })
  rotationId = z.looseObject({ rotationId: z.string() }).parse(asked.body).rotationId
  anomalyId = await untilHolds(async () => anomalies.parse((await w.asRoot('GET', '/v1/anomalies')).body).data[0].id)
  watched = await w.openSignedIn(views.light)
})
afterAll(() => w?.close())

const pages: [name: string, heading: RegExp, path: () => string][] = [
  ['overview', /Overview/, () => '/console/'],
  ['keys', /Keys/, () => '/console/keys'],
  ['key', /payments/, () => `/console/keys/${w.seed.payments.id}`],
  ['key with a long name', /Billing-exporter/, () => `/console/keys/${w.seed.longName.id}`],
  ['anomalies', /Anomalies/, () => '/console/anomalies'],
  ['anomaly', /./, () => `/console/anomalies/${anomalyId}`],
  ['back-test', /Back-test/, () => '/console/back-test'],
  ['rotations', /Rotations/, () => '/console/rotations'],
  ['rotation', /./, () => `/console/rotations/${rotationId}`],
  ['jobs', /Jobs/, () => '/console/jobs'],
  ['integrations', /Integrations/, () => '/console/integrations'],
  ['backups', /Backups/, () => '/console/backups'],
  ['audit', /Audit/, () => '/console/audit'],
  ['sinks', /sinks/i, () => '/console/sinks'],
  ['settings', /Settings/, () => '/console/settings'],
]

/** What a view changes: all is scanned in one, colours in the other, what moves on the third. */
const rulesOf = { light: undefined, dark: ['color-contrast'], phone: ['scrollable-region-focusable', 'target-size'] }

/** Goes to a page as a link does: links from elsewhere are what the tests by keyboard begin with. */
async function go(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => Reflect.get(globalThis, 'history').pushState(null, '', to), path)
}

describe.each(Object.values(views))('in $name, each page', (view) => {
  it('shows itself without an error, a serious finding, or a request that leaves the machine', async () => {
    const { page, problems } = watched
    await look(page, view)
    await page.goto('/console/')
    const findings: string[] = []
    for (const [name, heading, path] of pages) {
      await go(page, path())
      await page.getByRole('heading', { level: 1, name: heading }).waitFor()
      await settled(page)
      findings.push(...(await scan(page, rulesOf[view.name])).map((finding) => `${name}: ${finding}`))
      const wide = await page.evaluate<number>(overflow)
      if (wide > 0) findings.push(`${name}: is ${wide} px wider than the window`)
      await takePicture(page, `${name.replaceAll(' ', '-')}-${view.name}`)
    }
    expect(findings).toEqual([])
    expect(problems).toEqual([])
  })
})
