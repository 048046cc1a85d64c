import { createGrowingCache } from '../../platform/growing-cache.ts'
import type { QuotaRule, WindowRule } from '../limits.ts'
import { createLocalQuota, type LocalQuota, turnQuota } from './quota.ts'
import { createLocalWindow, type LocalWindow } from './window.ts'

/** What this process knows of one key's limits. */
export interface KeyState {
  readonly keyId: string
  windows: Map<string, LocalWindow>
  quota: LocalQuota | undefined
  /** Portions that are being fetched; never rejects. */
  fetching: Promise<unknown> | undefined
}

/** Keys that one process remembers at the most. What is held of one that gives way is lost, and never counted twice. */
const capacity = 50_000

export function createKeyStates() {
  const states = createGrowingCache<string, KeyState>(capacity)
  return {
    of(keyId: string): KeyState {
      const known = states.get(keyId)
      if (known) return known
      const made: KeyState = { keyId, windows: new Map(), quota: undefined, fetching: undefined }
      states.set(keyId, made)
      return made
    },
    /** Forgets what is held of a key, and what it was told, but not what it owes. */
    forget(keyId: string): void {
      const state = states.peek(keyId)
      if (!state) return
      const owing = [...state.windows].filter(([, { owed }]) => owed > 0)
      const renewed = owing.map(([name, { rule, owed }]) => [name, { ...createLocalWindow(rule), owed }] as const)
      state.windows = new Map(renewed)
      if (state.quota) state.quota.used = undefined
    },
    /** Those that owe something. */
    owing: () => [...states.values()].filter(owes),
  }
}

/** Gives a key's windows as its policy has them now; one that the policy changed begins with nothing at hand. */
export function windowsOf({ windows }: KeyState, rules: readonly WindowRule[]): LocalWindow[] {
  return rules.map((rule) => {
    const known = windows.get(rule.name)
    if (known?.rule.limit === rule.limit && known.rule.windowMs === rule.windowMs) return known
    const made = createLocalWindow(rule)
    windows.set(rule.name, made)
    return made
  })
}

/** Gives a key's quota as its policy has it now. @param now ms since 1970 */
export function quotaOf(state: KeyState, rule: QuotaRule, now: number): LocalQuota {
  const known = state.quota
  if (known?.rule.limit === rule.limit && known.rule.refill === rule.refill) {
    turnQuota(known, now)
    return known
  }
  state.quota = createLocalQuota(rule, now)
  return state.quota
}

function owes({ windows, quota }: KeyState): boolean {
  if (quota && (quota.owed > 0 || quota.owedMarkers.size > 0)) return true
  return [...windows.values()].some(({ owed }) => owed > 0)
}
