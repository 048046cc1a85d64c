import type { ReactNode } from 'react'
import './filter-bar.css'

/** Filters above a list, side by side as long as there is room. */
export function FilterBar({ label, children }: { label: string; children: ReactNode }) {
  return (
    <search className="filter-bar" aria-label={label}>
      {children}
    </search>
  )
}
