import { describe, expect, it } from 'vitest'
import type { Severity } from '../../anomalies/finding.ts'
import type { KeyPolicy } from '../../keys/fields/policy.ts'
import { decide } from './decide.ts'

const on = (policy: KeyPolicy, severity: Severity, rule = 'multiple_ips') => decide(policy, { rule, severity })

describe('decide', () => {
  it('does nothing unless it is told to', () => {
    expect(on({}, 'critical')).toBeUndefined()
    expect(on({ onAnomaly: 'none' }, 'critical')).toBeUndefined()
  })

  it('acts from the minimum severity on, which is high unless told otherwise', () => {
    expect(on({ onAnomaly: 'rotate' }, 'medium')).toBeUndefined()
    expect(on({ onAnomaly: 'rotate' }, 'high')).toEqual({ action: 'rotate', dryRun: false })
    expect(on({ onAnomaly: 'disable', minimumSeverity: 'low' }, 'low')).toEqual({ action: 'disable', dryRun: false })
    expect(on({ onAnomaly: 'disable', minimumSeverity: 'critical' }, 'high')).toBeUndefined()
  })

  it('slows down where it is told to', () => {
    expect(on({ onAnomaly: 'throttle' }, 'high')).toEqual({ action: 'throttle', dryRun: false })
  })

  it('says so where it is a dry run', () => {
    expect(on({ onAnomaly: 'rotate', dryRun: true }, 'high')).toEqual({ action: 'rotate', dryRun: true })
  })

  it.each(['dead_key_used', 'emergency_key_used'])('never acts on %s', (rule) => {
    expect(on({ onAnomaly: 'rotate', minimumSeverity: 'low' }, 'critical', rule)).toBeUndefined()
  })
})
