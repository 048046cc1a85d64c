import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** More than a run ever needs; memory is only taken for what is written. */
const roomyBytes = 2 * 1024 ** 3
/** What is left when it is full: a page or two, since the servers write on while it is being filled. */
const leftBytes = 64 * 1024

/** A file system of a directory's own, which can be full. */
export interface Disk {
  fill(): Promise<void>
  free(): Promise<void>
  close(): Promise<void>
}

/** Mounts a file system in memory over an empty directory, where this machine lets this account do so; else says why not. */
export async function mountDisk(dir: string): Promise<Disk | { why: string }> {
  if (process.platform !== 'linux') return { why: 'only Linux has a file system whose size can be changed' }
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${roomyBytes},mode=755`, 'tmpfs', dir])
  } catch {
    return { why: 'this account may not mount a file system' }
  }
  const resize = (bytes: number) => run('mount', ['-o', `remount,size=${bytes}`, dir])
  return {
    async fill() {
      const { blocks, bfree, bsize } = await statfs(dir)
      await resize((blocks - bfree) * bsize + leftBytes)
    },
    async free() {
      await resize(roomyBytes)
    },
    close: () => unmount(dir),
  }
}

/** Takes away the file systems that runs which were killed have left. */
export async function unmountLeftovers(): Promise<void> {
  if (process.platform !== 'linux') return
  for (const line of readFileSync('/proc/mounts', 'utf8').split('\n')) {
    const dir = line.split(' ')[1] ?? ''
    const pid = /\/momentry-test-(\d+)-\w+$/.exec(dir)?.[1]
    if (pid !== undefined && !isAlive(Number(pid))) await unmount(dir)
  }
}

async function unmount(dir: string): Promise<void> {
  await run('umount', ['--lazy', dir])
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
