import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, release, type as systemType, totalmem } from 'node:os'
import process from 'node:process'
import type { Stores } from '../harness/stores.ts'
import type { Setting } from './result.ts'

/**
 * Tells where and with what is measured here.
 * @param stores those of the run; undefined where it needed none
 */
export async function describeSetting(stores: Stores | undefined): Promise<Setting> {
  const [first] = cpus()
  return {
    machine: {
      cpu: first?.model.trim() ?? 'unknown',
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      os: `${readDistribution()}, ${systemType()} ${release()}`,
    },
    versions: { 'Node.js': process.version.slice(1), ...(await stores?.versions()), wrk: readWrkVersion() },
  }
}

function readDistribution(): string {
  try {
    return /^PRETTY_NAME="?(.*?)"?$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'unknown'
  } catch {
    return 'unknown'
  }
}

function readWrkVersion(): string {
  // It tells among its usage, and ends with 1.
  const { stdout, stderr } = spawnSync('wrk', ['-v'], { encoding: 'utf8' })
  return /^wrk (\S+)/m.exec(`${stdout ?? ''}${stderr ?? ''}`)?.[1] ?? 'unknown'
}
