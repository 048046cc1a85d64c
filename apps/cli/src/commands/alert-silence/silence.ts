import { z } from 'zod'

const time = z.string().max(40)

export const silenceSchema = z.looseObject({
  id: z.string(),
  state: z.string(),
  keyId: z.string().nullable(),
  rule: z.string().nullable(),
  owner: z.string().nullable(),
  type: z.string().nullable(),
  reason: z.string().nullable(),
  startsAt: time,
  endsAt: time,
})
export type Silence = z.infer<typeof silenceSchema>

/** Tells what a silence covers. */
export function tellMatch({ keyId, rule, owner, type }: Silence): string {
  const parts = [keyId && `key ${keyId}`, rule && `rule ${rule}`, owner && `owner ${owner}`, type && `type ${type}`]
  return parts.filter(Boolean).join(', ')
}
