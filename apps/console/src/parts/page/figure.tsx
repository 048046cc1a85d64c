import { Skeleton } from '@mantine/core'
import type { ReactNode } from 'react'
import { ErrorState } from '../states/error-state.tsx'

interface Props<T> {
  query: { data: T | undefined; error: unknown; refetch: () => unknown }
  /** In pixels, while it is being read. */
  height: number
  children: (data: T) => ReactNode
}

/** What a query gave, or why there is nothing; it takes its room before it is there. */
export function Figure<T>({ query, height, children }: Props<T>) {
  if (query.data !== undefined) return children(query.data)
  if (query.error) return <ErrorState error={query.error} onRetry={query.refetch} />
  return <Skeleton height={height} radius="md" />
}
