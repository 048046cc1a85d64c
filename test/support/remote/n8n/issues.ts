import { z } from 'zod'
import type { RemoteReply } from '../remote-server.ts'

/** Refuses in n8n's own form. Outside of production there is a `stacktrace`, too. */
export function refuse(status: number, message: string, code = status): RemoteReply {
  return { status, body: { code, message } }
}

/** A bad field is answered with zod's own first issue, without a wrapper. */
export function refuseIssue(error: z.ZodError): RemoteReply {
  const [issue] = error.issues
  return { status: 400, body: { code: issue?.code, path: issue?.path, message: issue?.message } }
}

/** In the words of the zod that n8n has. */
const expected = (type: string) => ({
  error: ({ input }: { input?: unknown }) =>
    input === undefined ? 'Required' : `Expected ${type}, received ${typeof input}`,
})

const text = () => z.string(expected('string'))

const filledText = () => text().min(1, 'String must contain at least 1 character(s)')

export const loginBody = z.object({
  emailOrLdapLoginId: text().trim().max(255, 'String must contain at most 255 character(s)'),
  password: filledText(),
  mfaCode: text().optional(),
})

export const keyChange = z.object({
  label: filledText()
    .max(50, 'String must contain at most 50 character(s)')
    // The real one asks a filter for HTML.
    .refine((label) => !/[<>]/.test(label), 'Label can only contain letters, numbers, spaces and punctuation'),
  scopes: z
    .array(
      text().regex(
        /^[a-zA-Z]+:[a-zA-Z]+$/,
        "Each scope must follow the format '{resource}:{scope}' with only letters (e.g., 'workflow:create')",
      ),
      expected('array'),
    )
    .min(1, 'Array must contain at least 1 element(s)'),
})

export const newKey = keyChange.extend({ expiresAt: z.number(expected('number')).nullable() })

const count = (name: string, fallback: number) =>
  z.coerce
    .number(`Param \`${name}\` must be a valid integer`)
    .int()
    .min(0, `Param \`${name}\` must be a non-negative integer`)
    .default(fallback)

export const listQuery = z.object({
  take: count('take', 10).transform((take) => Math.min(take, 250)),
  skip: count('skip', 0),
  ownership: z.enum(['mine', 'all']).optional(),
})
