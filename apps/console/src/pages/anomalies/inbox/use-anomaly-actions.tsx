import { BellOff, Check, CheckCheck, KeyRound, Power, RotateCw } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useLocation } from 'wouter'
import { type Anomaly, useAcknowledgeAnomaly } from '../../../api/alerts/anomalies.ts'
import type { Action } from '../../../parts/dialogs/action-menu.tsx'
import { DisableKeyDialog } from '../../../parts/dialogs/disable-key-dialog.tsx'
import { RotateKeyDialog } from '../../../parts/dialogs/rotate-key-dialog.tsx'
import { ruleName } from '../../../parts/words/rule-name.ts'
import { toastDone, toastFailed } from '../../../shell/alerts/toast.ts'
import { useMay } from '../../../shell/sign-in/session-context.ts'
import { MuteDialog } from './mute-dialog.tsx'
import { ResolveDialog } from './resolve-dialog.tsx'

export type AnomalyAct = 'acknowledge' | 'resolve' | 'mute' | 'rotate' | 'disable'

interface Actions {
  /** Begins one, where the key that is signed in may do it. */
  act: (kind: AnomalyAct, anomaly: Anomaly) => void
  may: (kind: AnomalyAct, anomaly: Anomaly) => boolean
  menuOf: (anomaly: Anomaly) => readonly (Action | false)[]
  /** To be put on the page once. */
  dialog: ReactNode
}

/** What can be done about an anomaly, with the dialogs that ask before. */
export function useAnomalyActions(): Actions {
  const [open, setOpen] = useState<{ kind: AnomalyAct; anomaly: Anomaly }>()
  const [, go] = useLocation()
  const acknowledge = useAcknowledgeAnomaly()
  const settles = useMay('anomalies:write')
  const rotates = useMay('rotations:write')
  const changesKeys = useMay('keys:write')
  const readsKeys = useMay('keys:read')

  const may = (kind: AnomalyAct, { state }: Anomaly) => {
    if (kind === 'acknowledge') return settles && state === 'open'
    if (kind === 'resolve') return settles && state !== 'resolved'
    if (kind === 'mute') return settles
    return kind === 'rotate' ? rotates : changesKeys
  }
  const act = (kind: AnomalyAct, anomaly: Anomaly) => {
    if (!may(kind, anomaly)) return
    if (kind !== 'acknowledge') return setOpen({ kind, anomaly })
    acknowledge.mutate(
      { id: anomaly.id },
      {
        onSuccess: () => toastDone('Acknowledged', `${ruleName(anomaly.rule)}, ${anomaly.keyName}`),
        onError: (error) => toastFailed('It is not acknowledged', error),
      },
    )
  }
  const menuOf = (anomaly: Anomaly) => [
    may('acknowledge', anomaly) && { label: 'Acknowledge', Icon: Check, onClick: () => act('acknowledge', anomaly) },
    may('resolve', anomaly) && { label: 'Resolve …', Icon: CheckCheck, onClick: () => act('resolve', anomaly) },
    may('mute', anomaly) && { label: 'Mute …', Icon: BellOff, onClick: () => act('mute', anomaly) },
    may('rotate', anomaly) && { label: 'Rotate the key …', Icon: RotateCw, onClick: () => act('rotate', anomaly) },
    may('disable', anomaly) && {
      label: 'Disable the key …',
      Icon: Power,
      danger: true,
      onClick: () => act('disable', anomaly),
    },
    readsKeys && { label: 'Open the key', Icon: KeyRound, onClick: () => go(`/keys/${anomaly.keyId}`) },
  ]
  return { act, may, menuOf, dialog: open && dialogOf(open, () => setOpen(undefined)) }
}

function dialogOf({ kind, anomaly }: { kind: AnomalyAct; anomaly: Anomaly }, onClose: () => void): ReactNode {
  const { keyId, keyName, rule } = anomaly
  if (kind === 'resolve') return <ResolveDialog anomaly={anomaly} onClose={onClose} />
  if (kind === 'mute') return <MuteDialog anomaly={anomaly} onClose={onClose} />
  if (kind === 'disable') return <DisableKeyDialog keyId={keyId} keyName={keyName} onClose={onClose} />
  return <RotateKeyDialog keyId={keyId} keyName={keyName} reason={`Anomaly: ${ruleName(rule)}`} onClose={onClose} />
}
