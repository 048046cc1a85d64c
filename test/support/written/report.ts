import { rmSync } from 'node:fs'
import type { Reporter } from 'vitest/node'
import { writtenFolder } from './folder.ts'
import { searchWritten } from './search.ts'

/** Searches, at a run's end, all that its processes wrote for secrets. A find fails the run. */
export function createWrittenReporter(): Reporter & { found(): number } {
  let found = 0
  return {
    found: () => found,
    onTestRunEnd() {
      const folder = writtenFolder(process.pid)
      const { bytes, finds } = searchWritten(folder)
      rmSync(folder, { recursive: true, force: true })
      console.log(`\nsearched ${(bytes / 1e6).toFixed(1)} MB that processes wrote for secrets: ${finds.length} found`)
      for (const find of finds.slice(0, 20)) console.log(`  a secret in ${find}`)
      found = finds.length
      if (finds.length > 0) process.exitCode = 1
    },
  }
}
