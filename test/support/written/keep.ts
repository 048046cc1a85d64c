import { appendFileSync, closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { inject } from 'vitest'

/**
 * Keeps what a process writes for the end of the run, when all of it is searched for secrets.
 * @param name of the program, for whoever reads of a find
 * @param streams that must hold no secret
 */
export function keepWritten(name: string, streams: readonly (Readable | null)[]): void {
  const file = join(inject('writtenFolder'), `${name}-${process.pid}.log`)
  for (const stream of streams) {
    if (!stream) continue
    const open = openSync(file, 'a')
    stream.on('data', (chunk: Buffer) => writeSync(open, chunk))
    stream.once('close', () => closeSync(open))
  }
}

/** Notes a secret that has no shape of its own, such as a master key, so that it is searched for as well. */
export function noteSecret(secret: string): void {
  appendFileSync(join(inject('writtenFolder'), `secrets-${process.pid}.list`), `${secret}\n`)
}
