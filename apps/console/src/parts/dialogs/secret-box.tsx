import { Alert, Button, Checkbox, CopyButton, Group, Stack, Text } from '@mantine/core'
import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import './secret-box.css'

interface Props {
  /** Shown here and nowhere else. */
  secret: string
  /** What it is: `The key's secret`. */
  label: string
  /** Called once the reader says that it is stored; until then there is no other way out. */
  onStored: () => void
}

/** A secret that is shown once: to copy, and to say that it is stored before it goes away for good. */
export function SecretBox({ secret, label, onStored }: Props) {
  const [stored, setStored] = useState(false)
  return (
    <Stack gap="md">
      <Alert color="yellow" variant="light" title="Copy it now">
        <Text size="sm">It is shown this once. Momentry keeps only a digest, and nobody can read it again.</Text>
      </Alert>
      <div>
        <Text size="sm" fw={550} mb={4} id="secret-label">
          {label}
        </Text>
        <output className="secret-box mono" aria-labelledby="secret-label" translate="no">
          {secret}
        </output>
      </div>
      <CopyButton value={secret} timeout={3_000}>
        {({ copied, copy }) => (
          <Button
            variant={copied ? 'light' : 'filled'}
            onClick={copy}
            data-autofocus
            leftSection={copied ? <Check size={16} /> : <Copy size={16} />}
          >
            {copied ? 'Copied' : 'Copy'}
          </Button>
        )}
      </CopyButton>
      <Checkbox label="I stored it" checked={stored} onChange={(event) => setStored(event.currentTarget.checked)} />
      <Group justify="flex-end">
        <Button variant="default" disabled={!stored} onClick={onStored}>
          Done
        </Button>
      </Group>
    </Stack>
  )
}
