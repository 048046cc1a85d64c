import { z } from 'zod'

/** What the CLI reads of rotations and of the secrets that they give; loose, as `shapes.ts` says. */
const time = z.string().max(40)

/** What became of requests with one of the two secrets since the rotation. */
const usagePartSchema = z.looseObject({
  version: z.number(),
  requests: z.number(),
  refused: z.number(),
  lastUsedAt: time.nullish(),
  lastAddress: z.string().nullish(),
  addresses: z.array(
    z.looseObject({ address: z.string().nullish(), requests: z.number(), refused: z.number(), lastUsedAt: time }),
  ),
})
export type UsagePart = z.infer<typeof usagePartSchema>

const usageSchema = z.looseObject({ old: usagePartSchema, new: usagePartSchema })
export type RotationUsage = z.infer<typeof usageSchema>

export const rotationSchema = z.looseObject({
  id: z.uuid(),
  keyId: z.uuid(),
  keyName: z.string(),
  keyType: z.string(),
  kind: z.string(),
  state: z.string(),
  reason: z.string().nullish(),
  requestedBy: z.string().nullish(),
  fromVersion: z.number().nullish(),
  toVersion: z.number().nullish(),
  graceEndsAt: time.nullish(),
  claimedAt: time.nullish(),
  claimedBy: z.string().nullish(),
  firstUsedAt: time.nullish(),
  claimable: z.boolean().nullish(),
  error: z.string().nullish(),
  createdAt: time,
  startedAt: time.nullish(),
  finishedAt: time.nullish(),
  usage: usageSchema.nullish(),
})
export type Rotation = z.infer<typeof rotationSchema>

/** The answer to a request for a rotation. */
export const queuedSchema = z.looseObject({ rotationId: z.uuid(), status: z.string() })

const encryptedKeySchema = z.looseObject({
  algorithm: z.string(),
  enc: z.string().optional(),
  ciphertext: z.string(),
})
export type EncryptedKey = z.infer<typeof encryptedKeySchema>

/** A successor: its secret, or that secret encrypted to the holder's public key. */
export const successorSchema = z
  .looseObject({
    keyId: z.uuid(),
    secretVersion: z.number(),
    key: z.string().optional(),
    encryptedKey: encryptedKeySchema.optional(),
  })
  .refine(({ key, encryptedKey }) => (key === undefined) !== (encryptedKey === undefined), 'must hold one secret')
export type Successor = z.infer<typeof successorSchema>
