import type { Command } from 'commander'
import { z } from 'zod'
import { successorSchema } from '../../api/shapes/rotation.ts'
import { exitCodes } from '../../exit-codes.ts'
import { CliFailure } from '../../failure.ts'
import { readPrivateKey } from '../../input/key-file.ts'
import { decryptSuccessor } from '../../rotation/decrypt.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'

const optionsSchema = z.object({ privateKey: z.string().optional() })

const about = `
The old secret is the API key of this command: MOMENTRY_API_KEY, or --secret-stdin. credentials.json is not used. It can be
claimed again until the new secret is first used, so nothing is lost where an answer gets lost.`

/** Adds `api-key claim`: the holder's side of a rotation. Prints nothing but the new secret on standard output. */
export function addClaim(group: Command, open: OpenSession): void {
  group
    .command('claim')
    .description('Fetch the new secret of a key that was rotated, by means of the old one.')
    .option('--secret-stdin', 'read the old secret from standard input (default: MOMENTRY_API_KEY)')
    .option('--private-key <file>', 'decrypt the new secret, where the key has a public key (PEM)')
    .addHelpText('after', about)
    .addHelpText(
      'after',
      examples([
        'momentry api-key claim --secret-stdin < old-secret > new-secret',
        'MOMENTRY_API_KEY=… momentry api-key claim > new-secret',
        'momentry api-key claim --secret-stdin --private-key holder.pem < old-secret > new-secret',
      ]),
    )
    .action(async (options: unknown, command: Command) => {
      const { privateKey: file } = optionsSchema.parse(options)
      const { out, connect } = open(command)
      const privateKey = file === undefined ? undefined : await readPrivateKey(file)
      const { api, key: oldSecret } = await connect({ key: 'given' })
      if (oldSecret === undefined)
        throw new CliFailure(
          exitCodes.refused,
          'no old secret: set MOMENTRY_API_KEY to it, or pass it by --secret-stdin',
        )
      const { key, encryptedKey, ...rest } = await api.call(successorSchema, {
        method: 'POST',
        path: '/v1/keys/self/claim',
      })
      const secret = encryptedKey && privateKey ? await decryptSuccessor(encryptedKey, privateKey) : key
      if (out.json) return out.document({ ...(secret === undefined ? { encryptedKey } : { key: secret }), ...rest })
      if (secret === undefined) {
        throw new CliFailure(
          exitCodes.failed,
          "the new secret is encrypted to the key's public key: decrypt it by --private-key FILE, or take it as it is by --json",
        )
      }
      out.line(secret)
      out.note(
        `This is version ${rest.secretVersion} of the secret of key ${rest.keyId}. Store it, then use it: from its first use on it cannot be claimed again.`,
      )
    })
}
