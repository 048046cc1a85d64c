import { readFileSync } from 'node:fs'

/** Linux counts it in hundredths, whatever the kernel's own clock is. */
const ticksPerSecond = 100

/** The processor time that a process and its threads have used so far, seconds; undefined where the system does not tell. */
export function cpuSeconds(pid: number): number | undefined {
  try {
    // The name stands in brackets and may hold anything; user and system time are the 12th and 13th field after it.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
  } catch {
    return undefined
  }
}
