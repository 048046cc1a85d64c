import type { RedisClient } from '../platform/redis/client.ts'
import { loadScript } from '../platform/redis/script.ts'

const buryScript = loadScript(new URL('./bury.lua', import.meta.url))

/** Deliveries after which an entry that still cannot be read goes to the dead-letter stream. */
export const maxDeliveries = 5

/** Moves an unreadable entry to the dead-letter stream, with the reason, so that what lies behind it goes on. */
export async function bury(
  redis: RedisClient,
  place: { stream: string; dead: string; group: string },
  id: string,
  why: string,
): Promise<void> {
  await buryScript(redis, [place.stream, place.dead], [place.group, id, why.slice(0, 500)])
}
