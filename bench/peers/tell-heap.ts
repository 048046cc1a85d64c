import { writeFileSync } from 'node:fs'

/**
 * Loaded before a program (`--expose-gc --import`): at SIGUSR2 it collects all garbage and writes into BENCH_HEAP_FILE how
 * many bytes are left, buffers included.
 */
process.on('SIGUSR2', () => {
  globalThis.gc?.()
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  writeFileSync(process.env['BENCH_HEAP_FILE'] ?? '', String(heapUsed + external))
})
