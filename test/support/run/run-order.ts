import { readFileSync } from 'node:fs'
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
  'test/api/validation/outages.test.ts',
]

/** In which order: the longest files, then all others, then those that share a worker, which costs something as long as it lives. */
function placeOf({ moduleId }: TestSpecification): number {
  const place = longest.findIndex((file) => moduleId.endsWith(`/${file}`))
  if (place !== -1) return place
  return longest.length + (readFileSync(moduleId, 'utf8').includes('shareRotationHarness') ? 1 : 0)
}

/** Starts the longest files first, and one after the other those that share processes. */
export class RunOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const places = new Map(files.map((file) => [file, placeOf(file)]))
    const sorted = await super.sort(files)
    return sorted.toSorted((one, other) => (places.get(one) ?? 0) - (places.get(other) ?? 0))
  }
}
