import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

/** Gives what an accessibility scan finds on a page that is serious or worse, a line each. @param rules all, or these */
export async function scan(page: Page, rules?: string[]): Promise<string[]> {
  // Our pages hold no frame of another origin: for those alone it would open a page of its own at each scan.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] })
  const { violations } = await (rules ? axe.withRules(rules) : axe).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary}`),
    )
}
