import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Notice } from './notice.tsx'

interface Props {
  title: string
  /** Why there is nothing, or how something comes here. */
  text?: ReactNode
  Icon?: LucideIcon
  /** A button that makes the first one. */
  children?: ReactNode
}

/** A list or a chart that has nothing to show. */
export function EmptyState(props: Props) {
  return <Notice {...props} />
}
