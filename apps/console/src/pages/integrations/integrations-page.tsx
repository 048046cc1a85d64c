import { Button, Tabs } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { BadgeCheck, Plus } from 'lucide-react'
import type { ReactNode } from 'react'
import { type Integration, type SystemName, useIntegrations } from '../../api/operation/integrations.ts'
import { PageBody } from '../../parts/page/page.tsx'
import { PageHeader } from '../../parts/page/page-header.tsx'
import { ErrorState } from '../../parts/states/error-state.tsx'
import { Loading } from '../../parts/states/loading.tsx'
import { useFilters } from '../../parts/tables/use-filters.ts'
import { Connections } from './connections.tsx'
import { CreateConnectionDialog } from './create-connection-dialog.tsx'
import { CreateCredentialDialog } from './credentials/create-credential-dialog.tsx'
import { CredentialRotations } from './credentials/credential-rotations.tsx'
import { Credentials } from './credentials/credentials.tsx'
import { VerifyCredentialDialog } from './credentials/verify-credential-dialog.tsx'
import { Systems } from './systems.tsx'
import { isSystemName, systemWords } from './words.ts'

/** Credentials on other systems that Momentry looks after. */
export function IntegrationsPage() {
  const systems = useIntegrations()
  return (
    <>
      {systems.data ? (
        <Known systems={systems.data.data} />
      ) : (
        <>
          <Header />
          {systems.error ? <ErrorState error={systems.error} onRetry={systems.refetch} /> : <Loading />}
        </>
      )}
    </>
  )
}

function Header({ actions }: { actions?: ReactNode }) {
  return (
    <PageHeader
      title="Integrations"
      description="Credentials on other systems, which Momentry makes, rotates and ends there."
      actions={actions}
    />
  )
}

function Known({ systems }: { systems: readonly Integration[] }) {
  const [{ tab }, change] = useFilters(['tab'])
  const [open, dialog] = useDisclosure(false)
  const [verifying, verify] = useDisclosure(false)
  const names = systems.map(({ system }) => system).filter(isSystemName)
  const shown = [...names, 'connections', 'rotations'].find((name) => name === tab) ?? 'systems'
  const system = names.find((name) => name === shown)
  return (
    <>
      <Header actions={<TabActions shown={shown} system={system} onNew={dialog.open} onVerify={verify.open} />} />
      <Tabs
        value={shown}
        onChange={(next) => change({ tab: next === 'systems' ? '' : (next ?? '') })}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="systems">Systems</Tabs.Tab>
          <Tabs.Tab value="connections">Connections</Tabs.Tab>
          {names.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {systemWords[name].many}
            </Tabs.Tab>
          ))}
          <Tabs.Tab value="rotations">Rotations</Tabs.Tab>
        </Tabs.List>
        <PageBody>
          {shown === 'systems' && <Systems systems={systems} />}
          {shown === 'connections' && <Connections systems={systems} />}
          {shown === 'rotations' && <CredentialRotations />}
          {system && <Credentials key={system} system={system} />}
        </PageBody>
      </Tabs>
      {open && shown === 'connections' && <CreateConnectionDialog systems={systems} onClose={dialog.close} />}
      {open && system && <CreateCredentialDialog system={system} systems={systems} onClose={dialog.close} />}
      {verifying && system && <VerifyCredentialDialog system={system} onClose={verify.close} />}
    </>
  )
}

interface TabActionsProps {
  shown: string
  system: SystemName | undefined
  onNew: () => void
  onVerify: () => void
}

function TabActions({ shown, system, onNew, onVerify }: TabActionsProps) {
  if (shown === 'connections')
    return (
      <Button leftSection={<Plus size={15} />} onClick={onNew}>
        New connection
      </Button>
    )
  if (!system) return null
  const { one } = systemWords[system]
  return (
    <>
      <Button variant="default" leftSection={<BadgeCheck size={15} />} onClick={onVerify}>
        Verify a {one}
      </Button>
      <Button leftSection={<Plus size={15} />} onClick={onNew}>
        New {one}
      </Button>
    </>
  )
}
