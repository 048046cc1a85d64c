import { type ApiClient, path } from '../api/client.ts'
import { type Successor, successorSchema } from '../api/shapes/rotation.ts'
import type { Output } from '../output/output.ts'

/** Fetches the secret that a rotation made, for the holder. It can be fetched again until that secret is first used. */
export function fetchSuccessor(api: ApiClient, rotationId: string): Promise<Successor> {
  return api.call(successorSchema, { method: 'POST', path: `${path`/v1/rotations/${rotationId}`}/secret` })
}

/** Shows people a successor, or, where only the holder can read it, what to hand over. */
export function showSuccessor(out: Output, { key, encryptedKey, secretVersion }: Successor): void {
  if (key !== undefined) {
    out.line(`version   ${secretVersion}`)
    out.line(`secret    ${out.style('bold', key)}`)
    out.note('Keep the secret now: Momentry stores only its digest and cannot show it again once it was used.')
    return
  }
  out.document(encryptedKey)
  out.note(
    "The secret is encrypted to the holder's public key: only the holder can read it (momentry api-key claim --private-key FILE).",
  )
}
