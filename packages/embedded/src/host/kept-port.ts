import { readFile, writeFile } from 'node:fs/promises'
import { freePort } from './free-port.ts'

/** Gives a free port, the same as last time where it is still free, and keeps it in `file` for the next time. */
export async function keptPort(file: string): Promise<number> {
  const kept = Number(await readFile(file, 'utf8').catch(() => ''))
  const port = await freePort(Number.isInteger(kept) && kept > 0 && kept < 65_536 ? kept : undefined)
  await writeFile(file, `${port}\n`, { mode: 0o600 })
  return port
}
