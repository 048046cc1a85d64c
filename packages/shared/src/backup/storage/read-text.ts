import { MomentryError } from '../../errors.ts'
import type { BackupStorage } from './storage.ts'

/** Reads a file that has to be held as a whole. @throws MomentryError `BACKUP_NOT_FOUND`; `BACKUP_DAMAGED` where it is too large for what it should be */
export async function readText(storage: BackupStorage, path: string, maxBytes: number): Promise<string> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of await storage.read(path)) {
    const buffer = Buffer.from(piece)
    bytes += buffer.length
    if (bytes > maxBytes) throw new MomentryError('BACKUP_DAMAGED', `${path} is larger than ${maxBytes} bytes`)
    pieces.push(buffer)
  }
  return Buffer.concat(pieces).toString('utf8')
}
