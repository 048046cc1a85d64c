import { useCallback, useMemo } from 'react'
import { useSearchParams } from 'wouter'

/**
 * A list's filters, kept in the address, so that a link shows the same list.
 * @param names the parameters that this list knows; @returns their values, '' where absent, and what changes some of them
 */
export function useFilters<Name extends string>(
  names: readonly Name[],
): [Record<Name, string>, (change: Partial<Record<Name, string>>) => void] {
  const [search, setSearch] = useSearchParams()
  const joined = names.join(' ')
  const values = useMemo(() => {
    const entries = joined.split(' ').map((name) => [name, search.get(name) ?? ''])
    return Object.fromEntries(entries) as Record<Name, string>
  }, [joined, search])
  const change = useCallback(
    (changes: Partial<Record<Name, string>>) =>
      setSearch(
        (before) => {
          const next = new URLSearchParams(before)
          for (const [name, value] of Object.entries<string | undefined>(changes))
            if (value) next.set(name, value)
            else next.delete(name)
          return next
        },
        { replace: true },
      ),
    [setSearch],
  )
  return [values, change]
}

/** The filters that are set, as a query of the API. */
export function setFilters<Name extends string>(values: Record<Name, string>): Partial<Record<Name, string>> {
  const set = Object.entries<string>(values).filter(([, value]) => value !== '')
  return Object.fromEntries(set) as Partial<Record<Name, string>>
}
