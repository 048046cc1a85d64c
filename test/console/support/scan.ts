import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

/** Gives what an accessibility scan finds on a page that is serious or worse, a line each. */
export async function scan(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary}`),
    )
}
