import { Button, Code, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { FileDown } from 'lucide-react'
import { useState } from 'react'
import { useAuditPublicKey } from '../../api/operation/audit.ts'

/** Downloads whole days of the log, to be verified anywhere. The browser fetches it itself, so that its size is no matter. */
export function ExportDialog({ onClose }: { onClose: () => void }) {
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const publicKey = useAuditPublicKey()
  const query = new URLSearchParams({ ...(from && { from }), ...(to && { to }) }).toString()
  const wrong = from !== '' && to !== '' && from > to
  return (
    <Modal opened onClose={onClose} title="Export the audit log" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack gap="md">
        <Text size="sm">
          Lines of JSON: each day's signed head and its rows, and a signed end. It can be verified without this server.
        </Text>
        <Group grow>
          <TextInput
            type="date"
            label="From"
            description="Empty: the beginning"
            value={from}
            onChange={(event) => setFrom(event.currentTarget.value)}
          />
          <TextInput
            type="date"
            label="To"
            description="Empty: to the end"
            value={to}
            onChange={(event) => setTo(event.currentTarget.value)}
            error={wrong ? 'It lies before the beginning' : undefined}
          />
        </Group>
        {publicKey.data && (
          <div>
            <Text size="sm" mb={4}>
              Verify it with this key:
            </Text>
            <Code block>{publicKey.data.key}</Code>
          </div>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          {wrong ? (
            <Button disabled leftSection={<FileDown size={15} />}>
              Download
            </Button>
          ) : (
            <Button
              component="a"
              href={`/v1/audit/export${query && `?${query}`}`}
              download={`momentry-audit-${from || 'all'}.jsonl`}
              leftSection={<FileDown size={15} />}
            >
              Download
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  )
}
