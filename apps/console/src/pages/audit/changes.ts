import type { AuditRow } from '../../api/operation/audit.ts'

export interface Change {
  /** By dots where it lies deeper. */
  field: string
  /** As text; undefined where the side does not have it. */
  before: string | undefined
  after: string | undefined
}

/** What a row changed, field by field, what differs first. */
export function changesOf({ before, after }: Pick<AuditRow, 'before' | 'after'>): Change[] {
  const sides = [flatten(before ?? {}), flatten(after ?? {})] as const
  const fields = [...new Set([...sides[0].keys(), ...sides[1].keys()])]
  const changes = fields.map((field) => ({ field, before: sides[0].get(field), after: sides[1].get(field) }))
  const same = ({ before: old, after: present }: Change) => Number(old === present)
  return changes.sort((first, second) => same(first) - same(second))
}

function flatten(value: Record<string, unknown>, prefix = '', found = new Map<string, string>()): Map<string, string> {
  for (const [name, part] of Object.entries(value)) {
    const field = `${prefix}${name}`
    if (typeof part === 'object' && part !== null && !Array.isArray(part) && Object.keys(part).length > 0)
      flatten({ ...part }, `${field}.`, found)
    else found.set(field, typeof part === 'string' ? part : JSON.stringify(part))
  }
  return found
}
