import { z } from 'zod'
import type { RedisClient } from '../platform/redis/client.ts'
import type { Names } from '../platform/redis/names.ts'

/** An address as it is counted, and when it is free again (ms). */
export type Lock = readonly [subject: string, endsAt: number]

/** So many locks go into one message, or one command. */
export const locksAtOnce = 1_000

const subjectSchema = z.string().max(100)
const messageSchema = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('lock'),
    locks: z.array(z.tuple([subjectSchema, z.number()])).max(locksAtOnce),
  }),
  z.strictObject({ do: z.literal('clear'), subject: subjectSchema.nullable() }),
])
type Message = z.infer<typeof messageSchema>

/** Tells every process of locks, `locksAtOnce` at the most. */
export async function publishLocks(redis: RedisClient, names: Names, locks: readonly Lock[]): Promise<void> {
  const message: Message = { do: 'lock', locks: locks.map(([subject, endsAt]) => [subject, endsAt]) }
  await redis.publish(names.lockoutChannel, JSON.stringify(message))
}

/** Tells every process that an address, or all (null), is free again. */
export async function publishClear(redis: RedisClient, names: Names, subject: string | null): Promise<void> {
  const message: Message = { do: 'clear', subject }
  await redis.publish(names.lockoutChannel, JSON.stringify(message))
}

/** Reads a message of the channel. @returns undefined where it is none of ours */
export function readMessage(text: string): Message | undefined {
  try {
    return messageSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
