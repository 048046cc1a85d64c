import { MultiSelect } from '@mantine/core'
import { useRef, useState } from 'react'
import { useKeyOptions } from './key-picker.tsx'

interface Props {
  label: string
  description?: string
  placeholder?: string
  value: readonly string[]
  /** @param names of all keys that were ever chosen, by id */
  onChange: (ids: string[], names: ReadonlyMap<string, string>) => void
}

/** Finds some keys by parts of their names. */
export function KeysPicker({ label, description, placeholder, value, onChange }: Props) {
  const [text, setText] = useState('')
  const { options, loading } = useKeyOptions(text, '', true)
  const names = useRef(new Map<string, string>())
  for (const option of options) names.current.set(option.value, option.label)
  // What is chosen stays there, whatever is looked for now.
  const chosen = value
    .filter((id) => !options.some((option) => option.value === id))
    .map((id) => ({ value: id, label: names.current.get(id) ?? id }))
  return (
    <MultiSelect
      label={label}
      description={description}
      placeholder={value.length === 0 ? (placeholder ?? 'Type a part of a name') : ''}
      data={[...options, ...chosen]}
      value={[...value]}
      onChange={(ids) => onChange(ids, names.current)}
      searchable
      searchValue={text}
      onSearchChange={setText}
      filter={({ options: found }) =>
        text === ''
          ? found
          : found.filter((each) => !('value' in each) || !chosen.some(({ value: id }) => id === each.value))
      }
      nothingFoundMessage={loading ? 'Looking …' : 'No key has this in its name'}
      hidePickedOptions
      clearable
      clearButtonProps={{ 'aria-label': `None: ${label}` }}
      maxDropdownHeight={240}
    />
  )
}
