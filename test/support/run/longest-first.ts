import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * The files that take longest. Vitest starts those first that took long the last time, and a bare clone knows no last time: one of
 * them would be left alone at the end, with a core idle beside it.
 */
const longest = [
  'test/bench/smoke.test.ts',
  'test/console/pages.test.ts',
  'test/console/keyboard.test.ts',
  'test/launcher.test.ts',
  'test/docs/tour.test.ts',
  'test/client/soak.test.ts',
  'test/rotation/faults/kill-at-each-step.test.ts',
  'test/rotation/faults/redis-lost.test.ts',
  'test/integrations/rotation/kill.test.ts',
  'test/cli/integrations/life.test.ts',
  'test/api/validation/outages.test.ts',
]

const placeOf = ({ moduleId }: TestSpecification) => {
  const place = longest.findIndex((file) => moduleId.endsWith(`/${file}`))
  return place === -1 ? longest.length : place
}

/** Starts the longest files first. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((one, other) => placeOf(one) - placeOf(other))
  }
}
