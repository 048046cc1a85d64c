import { expect, it } from 'vitest'
import { alertLine } from './alert-line.ts'

const plain = (_style: string, text: string) => text
const data = {
  ...{ id: '6f1c7a52-91aa-5d0a-9a43-0c2f64f7be11', keyId: '01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a', keyName: 'billing' },
  ...{ severity: 'high', explanation: 'as it is' },
}
const timestamp = '2026-01-01T01:00:00.000Z'

it('tells an anomaly by its rule, and says where it has grown', () => {
  const line = alertLine({ type: 'anomaly.escalated', timestamp, data: { ...data, rule: 'multiple_ips' } }, plain)
  expect(line).toBe('2026-01-01 01:00:00  high      multiple_ips        billing: grown graver: as it is')
})

it('tells anything else by its type', () => {
  expect(alertLine({ type: 'rotation.unclaimed', timestamp, data }, plain)).toBe(
    '2026-01-01 01:00:00  high      rotation.unclaimed  billing: as it is',
  )
})
