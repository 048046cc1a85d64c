import type { RedisClient } from '../platform/redis/client.ts'
import { loadScript } from '../platform/redis/script.ts'

const finishScript = loadScript(new URL('./finish.lua', import.meta.url))

/** Acknowledges an entry that is dealt with, and removes it from its stream. */
export async function finishEntry(
  redis: RedisClient,
  place: { stream: string; group: string },
  id: string,
): Promise<void> {
  await finishScript(redis, [place.stream], [place.group, id])
}
