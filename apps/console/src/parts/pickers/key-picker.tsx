import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, take } from '../../api/client.ts'
import { useMay } from '../../shell/sign-in/session-context.ts'

interface Props {
  label: string
  /** The key's id; '' for none. */
  value: string
  onChange: (id: string) => void
  width?: number | string
  placeholder?: string
}

/** Finds a key by a part of its name. Without the scope for that it is not there. */
export function KeyPicker({ label, value, onChange, width = 220, placeholder = 'All' }: Props) {
  const may = useMay('keys:read')
  const [text, setText] = useState('')
  const { options, loading } = useKeyOptions(text, value, may)
  if (!may) return null
  return (
    <Select
      label={label}
      placeholder={placeholder}
      data={options}
      value={value || null}
      onChange={(chosen) => onChange(chosen ?? '')}
      searchable
      onSearchChange={setText}
      filter={({ options: found }) => found}
      nothingFoundMessage={loading ? 'Looking …' : 'No key has this in its name'}
      clearable
      clearButtonProps={{ 'aria-label': `None: ${label}` }}
      w={width}
      maw="100%"
    />
  )
}

/** The keys that a text finds, and the one that is chosen. */
export function useKeyOptions(text: string, chosen: string, enabled: boolean) {
  const [asked] = useDebouncedValue(text.trim(), 200)
  const found = useQuery({
    queryKey: ['keys', 'pick', asked],
    queryFn: () =>
      take(api.GET('/v1/keys', { params: { query: { limit: 30, ...(asked !== '' && { text: asked }) } } })),
    enabled,
    placeholderData: (before) => before,
  })
  const picked = useQuery({
    queryKey: ['keys', 'one', chosen],
    queryFn: () => take(api.GET('/v1/keys/{id}', { params: { path: { id: chosen } } })),
    enabled: enabled && chosen !== '',
  })
  const options = (found.data?.data ?? []).map(({ id, name }) => ({ value: id, label: name }))
  if (chosen !== '' && !options.some(({ value }) => value === chosen))
    options.unshift({ value: chosen, label: picked.data?.name ?? chosen })
  return { options, loading: found.isFetching }
}
