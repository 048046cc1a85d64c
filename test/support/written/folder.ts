import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where the run of the process with this id keeps what its processes write; its reporters and its set-up share it. */
export function writtenFolder(pid: number): string {
  return join(tmpdir(), `momentry-test-written-${pid}`)
}
