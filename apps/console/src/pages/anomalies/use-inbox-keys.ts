import { type RefObject, useEffect } from 'react'
import type { Anomaly } from '../../api/anomalies.ts'
import type { AnomalyAct } from './use-anomaly-actions.tsx'

const acts: Readonly<Record<string, AnomalyAct>> = { a: 'acknowledge', r: 'resolve', m: 'mute' }

/**
 * The inbox by single keys: j and k go down and up, a acknowledges, r resolves, m mutes what has the focus. They rest
 * where somebody types, where a dialog is open, and with Ctrl, Alt or Meta, which are the browser's.
 */
export function useInboxKeys(
  list: RefObject<HTMLElement | null>,
  anomalies: readonly Anomaly[],
  act: (kind: AnomalyAct, anomaly: Anomaly) => void,
): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || isBusy(event.target)) return
      const rows = [...(list.current?.querySelectorAll<HTMLElement>('[data-anomaly]') ?? [])]
      const here = rows.findIndex((row) => row.contains(document.activeElement))
      if (event.key === 'j' || event.key === 'k') {
        const to = rows[here === -1 ? 0 : Math.max(0, Math.min(rows.length - 1, here + (event.key === 'j' ? 1 : -1)))]
        to?.querySelector('a')?.focus()
        to?.scrollIntoView({ block: 'nearest' })
        event.preventDefault()
        return
      }
      const kind = acts[event.key]
      const anomaly = anomalies.find(({ id }) => id === rows[here]?.dataset['anomaly'])
      if (!kind || !anomaly) return
      event.preventDefault()
      // What is dealt with may leave the list: the next one takes the focus.
      if (kind === 'acknowledge') (rows[here + 1] ?? rows[here - 1])?.querySelector('a')?.focus()
      act(kind, anomaly)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [list, anomalies, act])
}

function isBusy(target: EventTarget | null): boolean {
  if (document.querySelector('[role="dialog"], [role="menu"], [role="listbox"]:not([hidden])')) return true
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null
}
