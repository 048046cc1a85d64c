import { Autocomplete, Button } from '@mantine/core'
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks'
import { FileDown, ScrollText } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useAudit } from '../../api/operation/audit.ts'
import { PageBody } from '../../parts/page/page.tsx'
import { PageHeader } from '../../parts/page/page-header.tsx'
import { KeyPicker } from '../../parts/pickers/key-picker.tsx'
import { EmptyState } from '../../parts/states/empty-state.tsx'
import { ErrorState } from '../../parts/states/error-state.tsx'
import { FilterBar } from '../../parts/tables/filter-bar.tsx'
import { setFilters, useFilters } from '../../parts/tables/use-filters.ts'
import { actions } from './actions.ts'
import { AuditTable } from './audit-table.tsx'
import { ExportDialog } from './export-dialog.tsx'
import { VerifyCard } from './verify-card.tsx'

/** What was done, by whom, from where, and what it changed. */
export function AuditPage() {
  const [values, change] = useFilters(['action', 'keyId'])
  const filters = useMemo(() => setFilters(values), [values])
  const list = useAudit(filters)
  const [exporting, exportDialog] = useDisclosure(false)
  const [action, setAction] = useState(values.action)
  const look = useDebouncedCallback((text: string) => change({ action: text.trim() }), 350)
  const filtered = Object.keys(filters).length > 0
  return (
    <>
      <PageHeader
        title="Audit log"
        description="What was done, by whom, and what it changed. Rows are chained by hashes, so an edit or a gap shows."
        actions={
          <Button variant="default" leftSection={<FileDown size={15} />} onClick={exportDialog.open}>
            Export
          </Button>
        }
      />
      <PageBody>
        <VerifyCard />
        <FilterBar label="Filter the audit log">
          <Autocomplete
            label="Action"
            placeholder="All"
            data={actions}
            value={action}
            onChange={(text) => {
              setAction(text)
              look(text)
            }}
            clearable
            clearButtonProps={{ 'aria-label': 'All actions' }}
            limit={60}
            maxDropdownHeight={280}
            w={240}
          />
          <KeyPicker label="Key" value={values.keyId} onChange={(keyId) => change({ keyId })} />
        </FilterBar>
        {list.error && !list.rows ? (
          <ErrorState error={list.error} onRetry={list.onRetry} />
        ) : (
          <AuditTable
            {...list}
            empty={
              <div className="card">
                <EmptyState
                  Icon={ScrollText}
                  title={filtered ? 'No row is left by these filters' : 'Nothing was done yet'}
                />
              </div>
            }
          />
        )}
      </PageBody>
      {exporting && <ExportDialog onClose={exportDialog.close} />}
    </>
  )
}
