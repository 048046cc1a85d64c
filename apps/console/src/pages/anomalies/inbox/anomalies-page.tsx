import { Button, SegmentedControl } from '@mantine/core'
import { FlaskConical } from 'lucide-react'
import { useMemo } from 'react'
import { Link } from 'wouter'
import type { AnomalyFilters } from '../../../api/alerts/anomalies.ts'
import { severities } from '../../../parts/badges/tones.ts'
import { PageBody } from '../../../parts/page/page.tsx'
import { PageHeader } from '../../../parts/page/page-header.tsx'
import { KeyPicker } from '../../../parts/pickers/key-picker.tsx'
import { FilterBar } from '../../../parts/tables/filter-bar.tsx'
import { FilterSelect } from '../../../parts/tables/filter-select.tsx'
import { setFilters, useFilters } from '../../../parts/tables/use-filters.ts'
import { ruleOptions } from '../../../parts/words/rule-name.ts'
import { useMay } from '../../../shell/sign-in/session-context.ts'
import { Inbox } from './inbox.tsx'
import './inbox.css'

const states = [
  { value: 'open', label: 'Open' },
  { value: 'acknowledged', label: 'Acknowledged' },
  { value: 'resolved', label: 'Resolved' },
  { value: 'all', label: 'All' },
]

/** The inbox of anomalies: what is open unless asked otherwise. */
export function AnomaliesPage() {
  const [values, change] = useFilters(['state', 'severity', 'rule', 'keyId'])
  const mayTest = useMay('settings:read')
  const state = values.state || 'open'
  const filters = useMemo(() => {
    const { state: _, ...others } = setFilters(values)
    // The address is anybody's to write; what it says is checked by the API.
    return { ...others, ...(state !== 'all' && { state }) } as AnomalyFilters
  }, [values, state])
  return (
    <>
      <PageHeader
        title="Anomalies"
        description="What detection found about keys, as it is found."
        actions={
          mayTest && (
            <Button component={Link} href="/back-test" variant="default" leftSection={<FlaskConical size={15} />}>
              Back-test thresholds
            </Button>
          )
        }
      />
      <PageBody>
        <FilterBar label="Filter anomalies">
          <SegmentedControl
            aria-label="State"
            className="inbox-states"
            data={states}
            value={states.some(({ value }) => value === state) ? state : 'open'}
            onChange={(value) => change({ state: value === 'open' ? '' : value })}
            size="sm"
          />
          <FilterSelect
            label="Severity"
            value={values.severity}
            onChange={(severity) => change({ severity })}
            options={severities}
            width={140}
          />
          <FilterSelect label="Rule" value={values.rule} onChange={(rule) => change({ rule })} options={ruleOptions} />
          <KeyPicker label="Key" value={values.keyId} onChange={(keyId) => change({ keyId })} />
        </FilterBar>
        <Inbox filters={filters} filtered={Object.keys(setFilters(values)).length > 0} />
      </PageBody>
    </>
  )
}
