import { notifications } from '@mantine/notifications'
import { useEffect } from 'react'
import { useLocation } from 'wouter'
import { queryClient } from '../../api/query.ts'
import { useMay } from '../sign-in/session-context.ts'
import { AlertToast } from './alert-toast.tsx'
import { type LiveAlert, listenToAlerts } from './listen-to-alerts.ts'

/** Reads what an alert touches again, and shows the grave ones. It has no look of its own. */
export function LiveAlerts() {
  const may = useMay('anomalies:read')
  const [, go] = useLocation()
  useEffect(() => {
    if (!may) return
    return listenToAlerts((alert) => {
      refresh(alert)
      if (alert.data.severity !== 'high' && alert.data.severity !== 'critical') return
      notifications.show({
        id: `${alert.type}-${alert.data.id}`,
        title: alert.data.keyName ?? 'Alert',
        message: <AlertToast alert={alert} onOpen={() => go(`/anomalies/${alert.data.id}`)} />,
        color: alert.data.severity === 'critical' ? 'red' : 'orange',
        autoClose: 20_000,
        withBorder: true,
      })
    })
  }, [may, go])
  return null
}

/** A storm of alerts reads the pages again once a second at most. */
let waiting: ReturnType<typeof setTimeout> | undefined
function refresh({ type }: LiveAlert): void {
  if (waiting) return
  waiting = setTimeout(() => {
    waiting = undefined
    for (const name of ['anomalies', 'alerts']) void queryClient.invalidateQueries({ queryKey: [name] })
    if (!type.startsWith('anomaly.')) void queryClient.invalidateQueries({ queryKey: ['rotations'] })
  }, 1_000)
}
