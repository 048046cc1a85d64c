import { TextInput } from '@mantine/core'
import { Search } from 'lucide-react'
import { useEffect, useState } from 'react'
import { FilterBar } from '../../parts/tables/filter-bar.tsx'
import { FilterSelect } from '../../parts/tables/filter-select.tsx'
import { keyStatuses, keyTypes } from './kinds.ts'

type Name = 'text' | 'type' | 'status' | 'owner'

interface Props {
  values: Record<Name, string>
  onChange: (change: Partial<Record<Name, string>>) => void
}

/** What narrows the list of keys down. Text is sent once the typing rests. */
export function KeysFilters({ values, onChange }: Props) {
  return (
    <FilterBar label="Filter keys">
      <SearchField label="Name" value={values.text} onChange={(text) => onChange({ text })} width={280} />
      <FilterSelect
        label="Status"
        value={values.status}
        onChange={(status) => onChange({ status })}
        options={keyStatuses}
      />
      <FilterSelect label="Type" value={values.type} onChange={(type) => onChange({ type })} options={keyTypes} />
      <SearchField label="Owner, in full" value={values.owner} onChange={(owner) => onChange({ owner })} width={200} />
    </FilterBar>
  )
}

const restMs = 250

function SearchField(props: { label: string; value: string; onChange: (value: string) => void; width: number }) {
  const { label, value, onChange, width } = props
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (text === value) return
    const timer = setTimeout(() => onChange(text), restMs)
    return () => clearTimeout(timer)
  }, [text, value, onChange])
  return (
    <TextInput
      type="search"
      label={label}
      placeholder="Search"
      leftSection={<Search size={15} />}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      maxLength={200}
      w={width}
      maw="100%"
    />
  )
}
