import { Select } from '@mantine/core'

interface Props {
  label: string
  /** '' where all are shown. */
  value: string
  onChange: (value: string) => void
  options: readonly (string | { value: string; label: string })[]
  width?: number
}

/** One of a list's filters: a choice of some, or all. */
export function FilterSelect({ label, value, onChange, options, width = 168 }: Props) {
  return (
    <Select
      label={label}
      placeholder="All"
      data={[...options]}
      value={value || null}
      onChange={(chosen) => onChange(chosen ?? '')}
      clearable
      clearButtonProps={{ 'aria-label': `Show all: ${label}` }}
      comboboxProps={{ withinPortal: true }}
      w={width}
      maw="100%"
    />
  )
}
