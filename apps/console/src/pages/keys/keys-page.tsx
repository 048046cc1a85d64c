import { Button } from '@mantine/core'
import { KeyRound, Plus } from 'lucide-react'
import { useState } from 'react'
import { type KeyFilters, useKeys } from '../../api/keys/keys.ts'
import { PageBody } from '../../parts/page/page.tsx'
import { PageHeader } from '../../parts/page/page-header.tsx'
import { EmptyState } from '../../parts/states/empty-state.tsx'
import { type AskedOrder, DataTable } from '../../parts/tables/data-table.tsx'
import { setFilters, useFilters } from '../../parts/tables/use-filters.ts'
import { useMay } from '../../shell/sign-in/session-context.ts'
import { CreateKey } from './create-key.tsx'
import { keyColumns } from './key-columns.tsx'
import { KeysFilters } from './keys-filters.tsx'

/** All keys, however many: pages are read as they come into view. */
export function KeysPage() {
  const [filters, change] = useFilters(['text', 'type', 'status', 'owner', 'new'])
  const { new: making, ...wanted } = filters
  const query = setFilters(wanted) as KeyFilters
  const [order, setOrder] = useState<AskedOrder>()
  const keys = useKeys({ ...query, ...(order as Pick<KeyFilters, 'sort' | 'order'>) })
  const writes = useMay('keys:write')
  const make = () => change({ new: '1' })
  const filtered = Object.keys(query).length > 0
  return (
    <>
      <PageHeader
        title="Keys"
        description="Who may use your services, and what each key is allowed."
        actions={
          writes && (
            <Button leftSection={<Plus size={16} />} onClick={make}>
              New key
            </Button>
          )
        }
      />
      <PageBody>
        <KeysFilters values={wanted} onChange={change} />
        <DataTable
          label="Keys"
          columns={keyColumns}
          rowId={({ id }) => id}
          href={({ id }) => `/keys/${id}`}
          onAsk={setOrder}
          empty={
            filtered ? (
              <EmptyState title="No key is like that" text="Other filters may find some.">
                <Button variant="default" onClick={() => change({ text: '', type: '', status: '', owner: '' })}>
                  Show all keys
                </Button>
              </EmptyState>
            ) : (
              <EmptyState Icon={KeyRound} title="No keys yet" text="A key lets a service or a person in.">
                {writes && <Button onClick={make}>Make the first key</Button>}
              </EmptyState>
            )
          }
          {...keys}
        />
      </PageBody>
      {writes && <CreateKey opened={making === '1'} onClose={() => change({ new: '' })} />}
    </>
  )
}
