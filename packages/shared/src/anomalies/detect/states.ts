import type { Clock } from '../../platform/clock.ts'
import type { Logger } from '../../platform/process/log.ts'
import type { Commit, WindowStore } from '../../usage/windows.ts'
import { emptyState } from './judge.ts'
import { createKeptStates, type KeptState } from './kept-states.ts'
import { decodeState, readState, type StoredState } from './state-codec.ts'

/** A key whose state is at hand. */
export interface OpenKey {
  keyId: string
  /** Reads it, each time anew. */
  read(): StoredState
  before: KeptState
}

/** A key whose state was worked on. */
export interface JudgedKey {
  keyId: string
  before: KeptState
  text: string
  /** When it is to be judged again though nothing may come, ms. */
  dueAt: number | 'never'
}

/** The states of one partition's keys: read from Redis once, and kept for as long as nobody else commits. */
export interface States {
  /** Has states at hand. They are read one at a time, since thousands of them at once would outlive the young generation. */
  open(keyIds: readonly string[]): Promise<OpenKey[]>
  /** Commits states, and what else is to happen with them; tells whether that happened. */
  commit(judged: readonly JudgedKey[], rest: Omit<Commit, 'revision' | 'windows' | 'due' | 'calm'>): Promise<boolean>
}

/** Of one partition: room for 15,000 to 30,000 keys that are used now and then. */
const maxKeptBytes = 16_000_000

export function createStates(deps: { store: WindowStore; now: Clock; log: Logger }): States {
  const { store, now, log } = deps
  const kept = createKeptStates(maxKeptBytes)
  /** The commit that left the states that are kept. */
  let revision: string | undefined

  const forgetAll = () => {
    revision = undefined
    kept.forgetAll()
  }

  const readOr = (keyId: string, read: () => StoredState): StoredState => {
    try {
      return read()
    } catch (error) {
      log.error({ err: error, keyId }, 'the state of a key cannot be read: it is watched anew')
      return { state: emptyState(), writtenAt: now() }
    }
  }

  const open: States['open'] = async (keyIds) => {
    const known = keyIds.map((id) => (revision === undefined ? undefined : kept.get(id)))
    const missing = keyIds.filter((_, index) => known[index] === undefined)
    const found = revision === undefined || missing.length > 0 ? await store.read(missing) : undefined
    if (found && revision !== undefined && found.revision !== revision) {
      forgetAll()
      return open(keyIds)
    }
    revision = found?.revision ?? revision
    return keyIds.map((keyId, index) => {
      const before = known[index]
      const { text } = before ?? {}
      if (before && text !== undefined) return { keyId, before, read: () => readOr(keyId, () => decodeState(text)) }
      const bytes = found?.windows.get(keyId)
      return {
        ...{ keyId, before: { text: bytes?.toString(), dueAt: undefined } },
        read: () => readOr(keyId, () => readState(bytes, now())),
      }
    })
  }

  return {
    open,
    async commit(judged, rest) {
      if (revision === undefined) throw new Error('what was never read cannot be committed')
      const isDue = rest.entryIds.length === 0
      const standing = judged.map(({ before, dueAt }) =>
        !isDue && mayStand(before.dueAt, dueAt) ? before.dueAt : dueAt,
      )
      const moved = judged.filter(({ before }, index) => standing[index] !== before.dueAt)
      const commit = {
        ...{ ...rest, revision },
        windows: judged.filter(({ text, before }) => text !== before.text),
        due: moved.flatMap(({ keyId, dueAt }) => (dueAt === 'never' ? [] : [{ keyId, at: dueAt }])),
        calm: moved.filter(({ dueAt }) => dueAt === 'never').map(({ keyId }) => keyId),
      }
      // Whether a commit that failed happened is not known.
      const next = await store.commit(commit).catch((error: unknown) => {
        forgetAll()
        throw error
      })
      if (next === undefined) forgetAll()
      else for (const [index, { keyId, text }] of judged.entries()) kept.set(keyId, { text, dueAt: standing[index] })
      revision = next
      return next !== undefined
    },
  }
}

/**
 * Tells whether a key may go on standing at an earlier time than it is due: it is then judged in vain, once, and a key
 * that is used all the time need not be moved with each batch.
 */
function mayStand(standsAt: KeptState['dueAt'], dueAt: number | 'never'): boolean {
  return typeof standsAt === 'number' && typeof dueAt === 'number' && standsAt <= dueAt
}
