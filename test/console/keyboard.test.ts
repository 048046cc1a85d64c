import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createClient, makeKey } from '../api/client.ts'
import { views } from './support/browser.ts'
import { choose, dialogOf, fill, hasFocus, press, tabTo } from './support/keyboard.ts'
import { storm } from './support/seed.ts'
import { signIn, startWorld, type World } from './support/world.ts'

const anomalies = z.looseObject({ data: z.array(z.looseObject({ state: z.string() })) })
const claimSchema = z.looseObject({ key: z.string() })

let w: World
let page: Page
let problems: string[]
beforeAll(async () => {
  w = await startWorld()
  ;({ page, problems } = await w.openSignedIn(views.light))
})
afterAll(() => w?.close())

// One page for all, which each test loads anew: another one would read and compile the whole console again.
afterEach(() => {
  expect(problems.splice(0)).toEqual([])
})

const button = (name: string | RegExp) => page.getByRole('button', { name })
const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name })
const readKey = async (id: string) => (await w.asRoot('GET', `/v1/keys/${id}`)).body

describe('by keyboard alone', () => {
  it('somebody skips the navigation, goes through it, and signs out', async () => {
    await press(page.getByRole('link', { name: /skip/i }))
    await page.reload()
    await press(page.getByRole('navigation').getByRole('link', { name: 'Keys', exact: true }))
    await heading('Keys').waitFor()
    await press(button(/bootstrap/))
    await choose(page.getByRole('menuitem', { name: 'Sign out', exact: true }))
    await signIn(page, w.root.key, 'Keys')
  })

  it('makes a key, whose secret is shown once, and validates', async () => {
    await page.goto('/console/keys')
    await press(button('New key'))
    await fill(dialogOf(page).getByLabel('Name'), 'made by keyboard')
    await page.keyboard.press('Enter')
    const secret = await page.getByLabel("The key's secret").textContent()
    await press(button('Copy'))
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(secret)
    await press(page.getByLabel('I stored it'), 'Space')
    await press(button('Done'))
    await heading('made by keyboard').waitFor()
    expect(await page.content()).not.toContain(secret)
    const { body } = await w.asRoot('POST', '/v1/keys/validate', { body: { key: secret } })
    expect(body).toMatchObject({ valid: true })
  })

  it('revokes a key after a look at who is hit, by typing its name', async () => {
    const { id } = await makeKey(w.asRoot, { name: 'doomed' })
    await page.goto(`/console/keys/${id}`)
    await press(button('More actions'))
    await choose(page.getByRole('menuitem', { name: /Revoke/ }))
    await fill(dialogOf(page).getByLabel('Reason'), 'leaked in a commit')
    await fill(dialogOf(page).getByLabel(/to confirm/), 'doomed')
    await page.keyboard.press('Enter')
    await dialogOf(page).waitFor({ state: 'detached' })
    expect(await readKey(id)).toMatchObject({ status: 'revoked', revokeReason: 'leaked in a commit' })
  })

  it('rotates a key, and sees the rotation through', async () => {
    await page.goto(`/console/keys/${w.seed.payments.id}`)
    await press(button('Rotate'))
    await fill(dialogOf(page).getByLabel('Reason'), 'the yearly one')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/console/rotations/*')
    await page.getByText('completed', { exact: false }).first().waitFor()
    expect(await readKey(w.seed.payments.id)).toMatchObject({ secretVersion: 2 })
  })

  it('acknowledges an anomaly', async () => {
    await storm(w.asRoot, w.seed.longName.id)
    await page.goto('/console/anomalies')
    await press(page.getByRole('link', { name: /request rate/i }).first())
    await press(button(/acknowledge/i))
    await expect
      .poll(async () => anomalies.parse((await w.asRoot('GET', '/v1/anomalies')).body).data[0]?.state)
      .toBe('acknowledged')
  })

  it('sets up a webhook, and sends it a test', async () => {
    await page.goto('/console/sinks')
    await press(button('New sink').first())
    await fill(dialogOf(page).getByLabel('Name'), 'on call')
    await fill(dialogOf(page).getByLabel('URL'), `${w.receiver.url}/hook`)
    await page.keyboard.press('Enter')
    const secret = await page.getByLabel('Signing secret').textContent()
    expect(secret).toMatch(/^whsec_/)
    await press(page.getByLabel('I stored it'), 'Space')
    await press(button('Done'))
    await heading('on call').waitFor()
    await press(button('Send a test'))
    await page.getByText('It arrived').waitFor()
    const [test] = w.receiver.requests
    expect(test).toMatchObject({ method: 'POST', path: '/hook' })
    await press(button('Done'))
  })

  it('watches a rotated key drain', async () => {
    const made = await makeKey(w.asRoot, { name: 'draining' })
    await page.goto(`/console/keys/${made.id}`)
    await press(button('Rotate'))
    await fill(dialogOf(page).getByLabel('Reason'), 'to watch it drain')
    await page.keyboard.press('Enter')
    await page.getByText('Neither secret was used since the rotation.').waitFor()
    const claimed = await createClient(w.api.url, made.key)('POST', '/v1/keys/self/claim')
    const next = claimSchema.parse(claimed.body).key
    // The claim itself is a use of the old one.
    for (const key of [made.key, next, next]) await w.asRoot('POST', '/v1/keys/validate', { body: { key } })
    await page.getByText('50% of 4 validations since the rotation used the new secret.').waitFor()
  })

  it('goes from a dialog back to where it was opened', async () => {
    await page.goto('/console/keys')
    await press(button('New key'))
    await dialogOf(page).waitFor()
    await page.keyboard.press('Escape')
    await dialogOf(page).waitFor({ state: 'detached' })
    await expect.poll(() => hasFocus(button('New key'))).toBe(true)
    await tabTo(page.getByLabel('Name'))
  })
})

describe('an alert', () => {
  it('comes by its stream to the page that is open, with a way to its anomaly', async () => {
    const listening = page.waitForResponse('**/v1/alerts/stream*')
    await page.goto('/console/')
    await listening
    const { id } = await makeKey(w.asRoot, { name: 'noisy' })
    await storm(w.asRoot, id, 2_000)
    const toast = page.getByRole('alert').filter({ hasText: 'noisy' })
    await toast.first().getByRole('button', { name: 'Look at it' }).waitFor()
  })
})

describe('what a key does not allow', () => {
  it('is not offered', async () => {
    const { key } = await makeKey(w.asRoot, { type: 'user', name: 'reader', scopes: ['keys:read'] })
    const reader = await w.openSignedIn(views.light, key)
    const links = await reader.page.getByRole('navigation').getByRole('link').allTextContents()
    expect(links).toContain('Keys')
    expect(links).not.toContain('Audit')
    await reader.page.goto('/console/keys')
    await reader.page.getByRole('heading', { level: 1, name: 'Keys' }).waitFor()
    expect(await reader.page.getByRole('button', { name: 'New key' }).count()).toBe(0)
    expect(reader.problems).toEqual([])
    await reader.page.context().close()
  })
})
