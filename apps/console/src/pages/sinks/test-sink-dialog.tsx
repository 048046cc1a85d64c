import { Alert, Button, Group, Loader, Modal, Stack, Text } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { type Sink, useTestSink } from '../../api/alerts/sinks.ts'
import { toApiError } from '../../api/error.ts'
import { formatNumber } from '../../parts/words/format.ts'
import { targetOf } from './form/kinds.ts'

/** Sends a test at once, and says how it went. */
export function TestSinkDialog({ sink, onClose }: { sink: Sink; onClose: () => void }) {
  const test = useTestSink(sink.id)
  const begun = useRef(false)
  const { mutate } = test
  useEffect(() => {
    if (begun.current) return
    begun.current = true
    mutate()
  }, [mutate])
  return (
    <Modal opened onClose={onClose} title={`A test to ${sink.name}`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack gap="md" aria-live="polite">
        {test.isPending && (
          <Group gap="sm">
            <Loader size="sm" />
            <Text size="sm">Sending to {targetOf(sink)} …</Text>
          </Group>
        )}
        {test.data?.delivered && (
          <Alert color="teal" variant="light" title="It arrived">
            {test.data.status !== undefined && `The receiver answered with status ${test.data.status}, `}
            {test.data.status === undefined && 'It was taken '}after {formatNumber(test.data.durationMs)} ms.
          </Alert>
        )}
        {test.data && !test.data.delivered && (
          <Alert color="red" variant="light" title="It did not arrive" role="alert">
            {test.data.error ?? 'The receiver refused it.'}
            <Text size="xs" c="dimmed" mt={4}>
              {test.data.status !== undefined && `Status ${test.data.status}, `}after{' '}
              {formatNumber(test.data.durationMs)} ms
            </Text>
          </Alert>
        )}
        {test.error && (
          <Alert color="red" variant="light" role="alert" title={toApiError(test.error).title}>
            {test.error.message}
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" disabled={test.isPending} onClick={() => mutate()}>
            Send again
          </Button>
          <Button onClick={onClose} data-autofocus>
            Done
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
