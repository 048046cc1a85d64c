import { Tabs } from '@mantine/core'
import { useParams } from 'wouter'
import { useKey } from '../../api/keys/keys.ts'
import { StatusBadge } from '../../parts/badges/status-badge.tsx'
import { CopyText } from '../../parts/dialogs/copy-text.tsx'
import { PageHeader } from '../../parts/page/page-header.tsx'
import { ErrorState } from '../../parts/states/error-state.tsx'
import { Loading } from '../../parts/states/loading.tsx'
import { useFilters } from '../../parts/tables/use-filters.ts'
import { useMay } from '../../shell/sign-in/session-context.ts'
import { AuditTab } from './one/audit-tab.tsx'
import { KeyActions } from './one/key-actions.tsx'
import { KeyBanner } from './one/key-banner.tsx'
import { PolicyTab } from './one/policy-tab.tsx'
import { SecretsTab } from './one/secrets-tab.tsx'
import { UseTab } from './one/use/use-tab.tsx'
import './key-page.css'

const parents = [{ label: 'Keys', href: '/keys' }]

/** All that is known of one key: how it is used, its secrets, its policy, and what was done to it. */
export function KeyPage() {
  const { id = '' } = useParams<{ id: string }>()
  const query = useKey(id)
  const [filters, change] = useFilters(['tab'])
  const audit = useMay('audit:read')
  const { data: key } = query
  if (!key)
    return (
      <>
        <PageHeader title="Key" parents={parents} />
        {query.error ? <ErrorState error={query.error} onRetry={query.refetch} /> : <Loading lines={10} />}
      </>
    )
  return (
    <>
      <PageHeader
        title={key.name}
        parents={parents}
        badge={<StatusBadge status={key.status} />}
        description={<CopyText text={key.id} what="the id of the key" />}
        actions={<KeyActions keyNow={key} />}
      />
      <KeyBanner keyNow={key} />
      <Tabs
        value={filters.tab || 'use'}
        onChange={(tab) => change({ tab: tab === 'use' || tab === null ? '' : tab })}
        keepMounted={false}
      >
        <Tabs.List mb="md" className="key-tabs">
          <Tabs.Tab value="use">Use</Tabs.Tab>
          <Tabs.Tab value="secrets">Secrets</Tabs.Tab>
          <Tabs.Tab value="policy">Policy and limits</Tabs.Tab>
          {audit && <Tabs.Tab value="audit">Audit trail</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="use">
          <UseTab keyNow={key} />
        </Tabs.Panel>
        <Tabs.Panel value="secrets">
          <SecretsTab keyNow={key} />
        </Tabs.Panel>
        <Tabs.Panel value="policy">
          <PolicyTab keyNow={key} />
        </Tabs.Panel>
        {audit && (
          <Tabs.Panel value="audit">
            <AuditTab keyId={key.id} />
          </Tabs.Panel>
        )}
      </Tabs>
    </>
  )
}
