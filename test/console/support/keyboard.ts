import type { Locator, Page } from 'playwright-core'

/** More stops than any page or dialog has. */
const maxStops = 120

/** Presses Tab until something has the focus. @throws Error where Tab never comes there */
export async function tabTo(target: Locator): Promise<void> {
  const page = target.page()
  await target.waitFor()
  for (let stop = 0; stop < maxStops; stop += 1) {
    if (await hasFocus(target)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab never comes to ${target}`)
}

export function hasFocus(target: Locator): Promise<boolean> {
  return target.evaluate((element) => element === element.ownerDocument.activeElement)
}

/** Goes to a field by Tab, and types into it what is to stand there. */
export async function fill(target: Locator, text: string): Promise<void> {
  await tabTo(target)
  await target.page().keyboard.press('ControlOrMeta+A')
  await target.page().keyboard.insertText(text)
}

/** Goes to something by Tab, and presses it. */
export async function press(target: Locator, key: 'Enter' | 'Space' = 'Enter'): Promise<void> {
  await tabTo(target)
  await target.page().keyboard.press(key)
}

/** Chooses from a menu that has just been opened: there the arrows go from one thing to the next. */
export async function choose(item: Locator): Promise<void> {
  const page = item.page()
  await item.waitFor()
  for (let stop = 0; stop < maxStops; stop += 1) {
    if (await hasFocus(item)) return page.keyboard.press('Enter')
    await page.keyboard.press('ArrowDown')
  }
  throw new Error(`the arrows never come to ${item}`)
}

/** The dialog that is open. */
export function dialogOf(page: Page): Locator {
  return page.getByRole('dialog')
}
