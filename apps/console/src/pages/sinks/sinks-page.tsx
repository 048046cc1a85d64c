import { Button, Tabs } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { BellOff, Plus, Send } from 'lucide-react'
import { PageBody } from '../../parts/page/page.tsx'
import { PageHeader } from '../../parts/page/page-header.tsx'
import { useFilters } from '../../parts/tables/use-filters.ts'
import { useMay } from '../../shell/sign-in/session-context.ts'
import { CreateSinkDialog } from './form/create-sink-dialog.tsx'
import { CreateSilenceDialog } from './silences/create-silence-dialog.tsx'
import { Silences } from './silences/silences.tsx'
import { SinkList } from './sink-list.tsx'

/** Whom alerts are sent to, and when they are not. */
export function SinksPage() {
  const [{ tab }, change] = useFilters(['tab'])
  const writes = useMay('alerts:write')
  const [creating, create] = useDisclosure(false)
  const [silencing, silence] = useDisclosure(false)
  const shown = tab === 'silences' ? 'silences' : 'sinks'
  const newSink = (
    <Button leftSection={<Plus size={15} />} onClick={create.open}>
      New sink
    </Button>
  )
  const newSilence = (
    <Button leftSection={<BellOff size={15} />} onClick={silence.open}>
      New silence
    </Button>
  )
  return (
    <>
      <PageHeader
        title="Alert sinks"
        description="Where alerts are sent: webhooks, Slack, e-mail and PagerDuty."
        actions={writes && (shown === 'sinks' ? newSink : newSilence)}
      />
      <Tabs
        value={shown}
        onChange={(next) => change({ tab: next === 'silences' ? 'silences' : '' })}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="sinks" leftSection={<Send size={14} />}>
            Sinks
          </Tabs.Tab>
          <Tabs.Tab value="silences" leftSection={<BellOff size={14} />}>
            Silences
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="sinks">
          <PageBody>
            <SinkList create={writes ? newSink : undefined} />
          </PageBody>
        </Tabs.Panel>
        <Tabs.Panel value="silences">
          <PageBody>
            <Silences create={writes ? newSilence : undefined} />
          </PageBody>
        </Tabs.Panel>
      </Tabs>
      {creating && <CreateSinkDialog onClose={create.close} />}
      {silencing && <CreateSilenceDialog onClose={silence.close} />}
    </>
  )
}
