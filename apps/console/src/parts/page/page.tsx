import { Stack } from '@mantine/core'
import type { ReactNode } from 'react'

/** A page's body: its parts below each other, in one measure. */
export function PageBody({ children }: { children: ReactNode }) {
  return <Stack gap="md">{children}</Stack>
}
