import { Autocomplete, Checkbox, Group, MultiSelect, NumberInput, Select, TagsInput, TextInput } from '@mantine/core'
import { issueAt } from '../../../api/error.ts'
import { type Severity, severities } from '../../../parts/badges/tones.ts'
import { ruleOptions } from '../../../parts/words/rule-name.ts'
import { alertTypes } from './alert-types.ts'
import type { SinkForm } from './form-state.ts'

interface Props {
  form: SinkForm
  onChange: (change: Partial<SinkForm>) => void
  error: unknown
}

const zones = Intl.supportedValuesOf('timeZone')

/** Which alerts reach a sink, what goes together, and when people are left alone. */
export function RoutingFields({ form, onChange, error }: Props) {
  return (
    <>
      <Select
        label="From which severity on"
        data={[...severities]}
        value={form.minSeverity}
        onChange={(minSeverity) => minSeverity && onChange({ minSeverity: minSeverity as Severity })}
        allowDeselect={false}
      />
      <MultiSelect
        label="Kinds of alert"
        placeholder={form.types.length === 0 ? 'All' : ''}
        data={alertTypes}
        value={form.types}
        onChange={(types) => onChange({ types })}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'All kinds of alert' }}
      />
      <MultiSelect
        label="Rules"
        description="Of anomalies."
        placeholder={form.rules.length === 0 ? 'All' : ''}
        data={ruleOptions}
        value={form.rules}
        onChange={(rules) => onChange({ rules })}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'All rules' }}
      />
      <TagsInput
        label="Owners"
        description="Of the keys; Enter after each."
        placeholder={form.owners.length === 0 ? 'All' : ''}
        value={form.owners}
        onChange={(owners) => onChange({ owners })}
        acceptValueOnBlur
        maxTags={100}
      />
      <NumberInput
        label="Group what comes within"
        description="Alerts about the same key and rule become one message; 0: each on its own. Critical ones go at once."
        value={form.groupSeconds}
        onChange={(value) => typeof value === 'number' && onChange({ groupSeconds: value })}
        suffix=" seconds"
        min={0}
        max={3600}
        allowDecimal={false}
        error={issueAt(error, '/groupSeconds')}
      />
      <Checkbox
        label="Quiet hours"
        description="What comes then waits for their end and becomes one message; critical alerts come through."
        checked={form.quiet}
        onChange={(event) => onChange({ quiet: event.currentTarget.checked })}
      />
      {form.quiet && (
        <Group gap="sm" align="flex-start">
          <TextInput
            type="time"
            label="From"
            value={form.quietFrom}
            onChange={(event) => onChange({ quietFrom: event.currentTarget.value })}
            error={issueAt(error, '/quietHours/from')}
            required
          />
          <TextInput
            type="time"
            label="To"
            value={form.quietTo}
            onChange={(event) => onChange({ quietTo: event.currentTarget.value })}
            error={issueAt(error, '/quietHours/to')}
            required
          />
          <Autocomplete
            label="Time zone"
            data={zones}
            value={form.timeZone}
            onChange={(timeZone) => onChange({ timeZone })}
            error={issueAt(error, '/quietHours/timeZone')}
            limit={40}
            maxDropdownHeight={220}
          />
        </Group>
      )}
    </>
  )
}
