import { endProcess } from '@momentry/embedded/host/process.ts'
import { programFile } from '../children/program-file.ts'
import { readRuntime, removeRuntime } from './runtime-file.ts'

/**
 * Waits for the processes of a launcher that was killed: they drain by themselves when it is gone, and are killed where
 * they do not. Servers that it left are ended when they are started anew.
 */
export async function endLeftovers(dataDir: string, say: (line: string) => void): Promise<void> {
  const left = await readRuntime(dataDir)
  if (left === undefined) return
  const names = ['api', 'worker', 'alerter'] as const
  const ended = await Promise.all(
    names.map(async (name) => {
      const pid = left.pids[name]
      if (pid === undefined) return []
      // How it was started may be otherwise than this launcher would.
      const ways = [programFile(name, false), programFile(name, true)]
      const found = await Promise.all(ways.map((mark) => endProcess(pid, mark, 'SIGTERM')))
      return found.includes(true) ? [name] : []
    }),
  )
  if (ended.flat().length > 0) say(`ended what an earlier run had left behind: ${ended.flat().join(', ')}`)
  await removeRuntime(dataDir)
}
