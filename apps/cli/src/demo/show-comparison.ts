import type { Demo } from '@momentry/shared/demo/generate.ts'
import type { Output } from '../output/output.ts'
import type { Comparison } from './compare.ts'

interface Row {
  key: string
  keyId: string
  rule: string
  planted: boolean
  found: boolean
}

/** Shows, for every planted or found anomaly, whether it is both. */
export function showComparison(out: Output, demo: Demo, keyIds: readonly string[], comparison: Comparison): void {
  const all = [...new Set([...comparison.planted, ...comparison.found])]
  const rows = all.map((each): Row => {
    const [keyId = '', rule = ''] = each.split(' ')
    const key = demo.keys[keyIds.indexOf(keyId)]?.name ?? keyId
    return { key, keyId, rule, planted: comparison.planted.includes(each), found: comparison.found.has(each) }
  })
  if (out.json) {
    out.document({ keys: keyIds, events: demo.events.length, anomalies: rows })
    return
  }
  out.line('')
  out.table(
    [
      { title: 'key', value: (row: Row) => row.key, flexible: true },
      { title: 'rule', value: (row: Row) => row.rule },
      { title: 'planted', value: (row: Row) => (row.planted ? 'yes' : 'no') },
      { title: 'found', value: (row: Row) => (row.found ? 'yes' : 'MISSING') },
    ],
    rows,
  )
  const found = rows.filter((row) => row.planted && row.found).length
  out.line(`${found} of ${comparison.planted.length} planted anomalies found in ${demo.events.length} events`)
}
