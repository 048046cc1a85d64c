/** What is known of a key's state in Redis. */
export interface KeptState {
  /** undefined: there is none. */
  text: string | undefined
  /** When the key stands to be judged again though nothing may come (ms); undefined: nobody knows. */
  dueAt: number | 'never' | undefined
}

/** States that are kept in memory, of a bounded size: what has not been used for the longest is forgotten first. */
export interface KeptStates {
  get(keyId: string): KeptState | undefined
  set(keyId: string, state: KeptState): void
  forgetAll(): void
}

/** What a state takes beside its text: the key's id, the objects around it, its place. */
const overhead = 300

/**
 * In two halves, of which the older one is dropped whole when the younger one is full: to keep the exact order of use
 * would cost more, at each use, than to read a state again now and then.
 */
export function createKeptStates(maxBytes: number): KeptStates {
  const sizeOf = (state: KeptState | undefined) => (state === undefined ? 0 : overhead + (state.text?.length ?? 0))
  let young = new Map<string, KeptState>()
  let old = new Map<string, KeptState>()
  let size = 0
  return {
    get: (keyId) => young.get(keyId) ?? old.get(keyId),
    set(keyId, state) {
      size += sizeOf(state) - sizeOf(young.get(keyId))
      young.set(keyId, state)
      if (size <= maxBytes / 2) return
      old = young
      young = new Map()
      size = 0
    },
    forgetAll() {
      old = new Map()
      young = new Map()
      size = 0
    },
  }
}
