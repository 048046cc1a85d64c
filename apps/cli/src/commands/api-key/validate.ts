import type { Command } from 'commander'
import { z } from 'zod'
import { validationSchema } from '../../api/shapes.ts'
import { exitCodes } from '../../exit-codes.ts'
import { gather } from '../../input/arguments.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { showFields } from '../show-fields.ts'
import { showLimits } from './limits/show-limits.ts'

const optionsSchema = z.object({
  scope: z.array(z.string()).optional(),
  scopeExpression: z.string().optional(),
  ip: z.string().optional(),
  requestId: z.string().optional(),
})

export function addValidate(group: Command, open: OpenSession): void {
  group
    .command('validate')
    .description(
      'Tell whether a secret is valid. It is asked for, or read from standard input; exit code 0 only if it is.',
    )
    .option('--scope <scope>', 'a scope that it must hold; can be given several times, or with commas', gather)
    .option('--scope-expression <text>', 'what else it must hold: "keys:read AND (billing OR admin)"')
    .option('--ip <address>', 'the address that it is used from')
    .option('--request-id <id>', "names the request: under one name it spends of the key's quota once within 24 h")
    .addHelpText(
      'after',
      examples([
        'momentry api-key validate',
        'momentry api-key validate --scope usage:write < secret.txt',
        'momentry api-key validate --scope-expression "invoices:read AND (billing OR admin)" < secret.txt',
        'printf \'%s\\n\' "$MY_API_KEY" "$SECRET" | momentry api-key validate --key-stdin',
      ]),
    )
    .action(async (options: unknown, command: Command) => {
      const { scope, scopeExpression, ip, requestId } = optionsSchema.parse(options)
      const { host, out, input, connect } = open(command)
      // Before the secret: with --key-stdin the API key is the first line.
      const { api } = await connect({ key: 'optional' })
      const key = await input.readSecret('secret to validate')
      const verdict = await api.call(validationSchema, {
        method: 'POST',
        path: '/v1/keys/validate',
        body: { key, clientIp: ip, scopes: scope, scopeExpression, requestId },
      })
      if (!verdict.valid) host.exitCode = exitCodes.failed
      if (out.json) return out.document(verdict)
      out.line(out.style(verdict.valid ? 'green' : 'red', verdict.code))
      const { valid: _valid, code: _code, limits, ...rest } = verdict
      if (Object.keys(rest).length > 0) showFields(out, rest)
      if (limits && limits.length > 0) showLimits(out, limits)
    })
}
