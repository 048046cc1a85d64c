import { Skeleton, Stack, VisuallyHidden } from '@mantine/core'

/** Grey lines in the place of what comes, so that nothing moves when it does. @param lines how many */
export function Loading({ lines = 6, height = 18 }: { lines?: number; height?: number }) {
  return (
    <Stack gap="sm" aria-busy="true">
      <VisuallyHidden role="status">Loading</VisuallyHidden>
      {Array.from({ length: lines }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
        <Skeleton key={index} height={height} width={index === lines - 1 ? '60%' : '100%'} />
      ))}
    </Stack>
  )
}
