import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** Where something runs: what is measured has a core of its own; load, stores and this program have the other. */
export type Place = 'subject' | 'load' | 'anywhere'

/** A process has the cores of the one that started it unless told otherwise: `anywhere` has to be said as well. */
const cores = { subject: '0', load: '1', anywhere: '0,1' }

/** Whether processes can be kept to a core here: it takes Linux's `taskset` and two cores. */
export const canPin = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0

/** Gives a command that runs another one at its place; the same one where that is not possible. */
export function pinned(place: Place, command: string, args: readonly string[]): [string, string[]] {
  if (!canPin) return [command, [...args]]
  return ['taskset', ['--cpu-list', cores[place], command, ...args]]
}

/** Keeps this program, and all that it starts from now on unless told otherwise, beside what is measured. */
export function pinSelf(): void {
  if (canPin) spawnSync('taskset', ['--all-tasks', '--cpu-list', '--pid', cores.load, String(process.pid)])
}
