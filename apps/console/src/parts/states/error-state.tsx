import { Button, Text } from '@mantine/core'
import { toApiError } from '../../api/error.ts'
import { Notice } from './notice.tsx'

/** What could not be read, in the API's own words, and a way to try again. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => unknown }) {
  const { title, message, requestId } = toApiError(error)
  return (
    <Notice tone="bad" title={title} text={message}>
      {onRetry && (
        <Button variant="default" onClick={() => onRetry()}>
          Try again
        </Button>
      )}
      {requestId && (
        <Text size="xs" c="dimmed" mt="sm">
          Request <span className="mono">{requestId}</span>
        </Text>
      )}
    </Notice>
  )
}
