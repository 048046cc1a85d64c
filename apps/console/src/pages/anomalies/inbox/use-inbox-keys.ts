import { type RefObject, useEffect } from 'react'
import type { Anomaly } from '../../../api/alerts/anomalies.ts'
import type { AnomalyAct } from './use-anomaly-actions.tsx'

const acts: Readonly<Record<string, AnomalyAct>> = { a: 'acknowledge', r: 'resolve', m: 'mute' }
const moves: Readonly<Record<string, number>> = { j: 1, k: -1 }

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
      const step = moves[event.key]
      if (step !== undefined) {
        event.preventDefault()
        focus(rows[nextRow(here, step, rows.length)])
        return
      }
      const kind = acts[event.key]
      const anomaly = anomalies.find(({ id }) => id === rows[here]?.dataset['anomaly'])
      if (!kind || !anomaly) return
      event.preventDefault()
      begin(kind, anomaly, rows[here + 1] ?? rows[here - 1])
    }
    const begin = (kind: AnomalyAct, anomaly: Anomaly, neighbour: HTMLElement | undefined) => {
      // What is acknowledged may leave the list: its neighbour takes the focus.
      if (kind === 'acknowledge') focus(neighbour)
      act(kind, anomaly)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [list, anomalies, act])
}

function nextRow(here: number, step: number, count: number): number {
  return here === -1 ? 0 : Math.max(0, Math.min(count - 1, here + step))
}

function focus(row: HTMLElement | undefined): void {
  row?.querySelector('a')?.focus()
  row?.scrollIntoView({ block: 'nearest' })
}

function isBusy(target: EventTarget | null): boolean {
  if (document.querySelector('[role="dialog"], [role="menu"]')) return true
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null
}
