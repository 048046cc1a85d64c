import { Text } from '@mantine/core'
import { CircleAlert, Inbox, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import './notice.css'

interface Props {
  title: string
  text?: ReactNode
  Icon?: LucideIcon
  tone?: 'neutral' | 'bad'
  /** What can be done about it. */
  children?: ReactNode
}

/** What stands where data would: nothing there, or a failure. */
export function Notice({ title, text, Icon, tone = 'neutral', children }: Props) {
  const Picture = Icon ?? (tone === 'bad' ? CircleAlert : Inbox)
  return (
    <div className="notice" data-tone={tone} role={tone === 'bad' ? 'alert' : undefined}>
      <Picture size={26} strokeWidth={1.5} aria-hidden="true" className="notice-icon" />
      <Text fw={600}>{title}</Text>
      {text && (
        <Text size="sm" c="dimmed" maw="34rem">
          {text}
        </Text>
      )}
      {children && <div className="notice-actions">{children}</div>}
    </div>
  )
}
