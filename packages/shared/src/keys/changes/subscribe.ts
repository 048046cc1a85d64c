import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import type { Logger } from '../../platform/process/log.ts'
import type { RedisClient } from '../../platform/redis/client.ts'
import type { Names } from '../../platform/redis/names.ts'

export interface ChangeListener {
  /** A key changed. */
  drop(keyId: string): void
  /** From now on, nothing that is published is missed. */
  connected(): void
  /** From now on, changes may be missed. */
  disconnected(): void
}

/** A dead connection is noticed within the sum of both (DESIGN.md section 4 asks for an effect within 5 s). */
const heartbeatMs = 1_000
const replyMs = 1_000

const messageSchema = z.object({ keyId: z.uuid() })

/**
 * Listens to the change channel for as long as the process lives.
 * @param redis a connection of the role `subscriber`; others may listen on it as well, and profit from the heartbeat
 * @returns a function that ends it; the connection stays its owner's to close
 */
export function subscribeToChanges(
  deps: { redis: RedisClient; names: Names; log: Logger },
  listener: ChangeListener,
): () => void {
  const { redis, names, log } = deps
  const ended = new AbortController()
  let up = false

  const setUp = (next: boolean) => {
    if (up === next || ended.signal.aborted) return
    up = next
    if (up) listener.connected()
    else listener.disconnected()
    log[up ? 'info' : 'warn']({ subscribed: up }, 'subscription to changes of keys')
  }

  /** Subscribing again does no harm, and its reply shows that this very connection is alive and subscribed. */
  const confirm = async () => {
    const reply = redis.subscribe(names.changeChannel).then(() => true)
    const late = wait(replyMs, false, { ref: false })
    return Promise.race([reply, late]).catch(() => false)
  }

  const beat = async () => {
    while (!ended.signal.aborted) {
      if (redis.status === 'ready') {
        const alive = await confirm()
        // A connection that broke while its reply was on the way has told so by its own event.
        if (alive && redis.status === 'ready') setUp(true)
        if (!alive) {
          setUp(false)
          redis.disconnect(true)
        }
      }
      await wait(heartbeatMs, undefined, { ref: false, signal: ended.signal }).catch(() => undefined)
    }
  }

  const onMessage = (channel: string, message: string) => {
    if (channel !== names.changeChannel) return
    const parsed = messageSchema.safeParse(parseJson(message))
    if (parsed.success) listener.drop(parsed.data.keyId)
    else log.error('a message on the change channel could not be read')
  }
  const onReady = () => void confirm().then((alive) => alive && redis.status === 'ready' && setUp(true))
  const onClose = () => setUp(false)

  redis.on('message', onMessage)
  redis.on('ready', onReady)
  redis.on('close', onClose)
  void beat()
  return () => {
    ended.abort()
    redis.off('message', onMessage)
    redis.off('ready', onReady)
    redis.off('close', onClose)
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
