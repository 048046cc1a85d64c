import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { usageFailure } from '../failure.ts'

/** Longer than any key in PEM. */
const maxCharacters = 65_536

/**
 * Reads a public key for the server. It is written anew, so that nothing but the public half leaves the machine, also
 * where the file holds the private one.
 * @returns SPKI in PEM
 * @throws CliFailure that names the file, never its content
 */
export async function readPublicKey(file: string): Promise<string> {
  const text = await readText(file)
  try {
    return createPublicKey(text).export({ type: 'spki', format: 'pem' }).toString()
  } catch {
    throw usageFailure(`${file} holds no public key in PEM (make one: openssl pkey -in private.pem -pubout)`)
  }
}

/** Reads a private key, which stays on the machine. @throws CliFailure that names the file, never its content */
export async function readPrivateKey(file: string): Promise<KeyObject> {
  const text = await readText(file)
  try {
    return createPrivateKey(text)
  } catch {
    throw usageFailure(`${file} holds no private key in PEM, or one that a passphrase protects`)
  }
}

async function readText(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
    throw usageFailure(`cannot read ${file}${code}`)
  })
  if (text.length > maxCharacters) throw usageFailure(`${file} is too long to hold a key`)
  return text
}
