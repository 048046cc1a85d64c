import type { Locator, Page } from 'playwright-core'

/** More stops than any page or dialog has. */
const maxStops = 120

/** Presses Tab until something has the focus. @throws Error where Tab never comes there */
export async function tabTo(target: Locator): Promise<void> {
  if (!(await pressUntilFocus(target, 'Tab'))) throw new Error(`Tab never comes to ${target}`)
}

/** Presses a key until something has the focus. @returns whether it came to that */
async function pressUntilFocus(target: Locator, key: string): Promise<boolean> {
  // Found once, as long as it stays on the page: to find something by its role takes a look at all that is there.
  let element = await target.elementHandle()
  for (let stop = 0; stop < maxStops; stop += 1) {
    const focus = await element?.evaluate((node) =>
      node.isConnected ? node === node.ownerDocument.activeElement : 'gone',
    )
    if (focus === true) return true
    if (focus === false) await target.page().keyboard.press(key)
    else element = await target.elementHandle()
  }
  return false
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
  if (!(await pressUntilFocus(item, 'ArrowDown'))) throw new Error(`the arrows never come to ${item}`)
  await item.page().keyboard.press('Enter')
}

/** The dialog that is open. */
export function dialogOf(page: Page): Locator {
  return page.getByRole('dialog')
}
