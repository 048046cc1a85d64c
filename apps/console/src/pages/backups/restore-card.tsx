import { Button, Code, CopyButton, Group, Text } from '@mantine/core'
import { Check, Copy } from 'lucide-react'
import { Card } from '../../parts/page/card.tsx'

/** How to go back. It is explained and not offered: it ends every session, this one too. */
export function RestoreCard({ newest }: { newest: number | undefined }) {
  const command = `momentry backup restore ${newest ?? 12} --replace`
  return (
    <Card title="Restore" description="From a terminal where Momentry's database can be reached.">
      <Text size="sm" mb="sm">
        A restore puts everything back to what a backup holds. All that came after is lost: keys, their revocation,
        rotations and this session included. It needs the master key that the backup was made under, and is best done
        while nothing else runs. Without <span className="mono">--replace</span> it is refused where there are keys.
      </Text>
      <Group gap="xs" align="flex-start">
        <Code block style={{ flex: '1 1 18rem' }}>
          {command}
        </Code>
        <CopyButton value={command}>
          {({ copied, copy }) => (
            <Button variant="default" leftSection={copied ? <Check size={14} /> : <Copy size={14} />} onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
      </Group>
    </Card>
  )
}
