import type { Output } from '../output/output.ts'
import { printable } from '../output/printable.ts'

/** Shows one thing to people, a field a line; what it has not is left out. */
export function showFields(out: Output, fields: Readonly<Record<string, unknown>>): void {
  const present = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined)
  const width = Math.max(...present.map(([name]) => name.length))
  for (const [name, value] of present) out.line(`${name.padEnd(width)}  ${printable(asText(value))}`)
}

function asText(value: unknown): string {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(' ') || '-'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
