import { readFileSync } from 'node:fs'
import { alertSchema } from '@momentry/shared/alerts/alert.ts'
import { alarmRules } from '@momentry/shared/anomalies/detect/alarm.ts'
import { keyPolicySchema } from '@momentry/shared/keys/fields/policy.ts'
import { keyKinds } from '@momentry/shared/keys/kinds.ts'
import { validationSchema } from '@momentry/shared/keys/validation/answer.ts'
import { maxAttempts } from '@momentry/shared/rotation/queue.ts'
import { describe, expect, it } from 'vitest'
import { readBlocks } from './shell-words.ts'

const page = readFileSync(new URL('../../docs/rotation.md', import.meta.url), 'utf8')
const documents = readBlocks(page, 'json').map((block) => JSON.parse(block))

describe('docs/rotation.md', () => {
  it('shows a verdict and a policy of today’s form', () => {
    expect(documents).toHaveLength(2)
    expect(documents[0]).toEqual(validationSchema.parse(documents[0]))
    expect(documents[1]).toEqual(keyPolicySchema.parse(documents[1]))
  })

  it('names every alert about keys, and every alarm', () => {
    const types = alertSchema.options.map((option) => option.shape.type.value)
    const isOfKeys = (type: string) => /^(anomaly|rotation|key|policy)\./.test(type) && type !== 'anomaly.escalated'
    const ofKeys = types.filter(isOfKeys)
    const told = [...ofKeys, ...alarmRules]
    expect(told.filter((name) => !page.includes(`\`${name}\``))).toEqual([])
  })

  it('tells the grace of each type, and how often a rotation is tried', () => {
    const hours = Object.values(keyKinds).map(({ defaultGraceSeconds }) => defaultGraceSeconds / 3600)
    const cells = hours.map((each) => (each === 0 ? 'none' : `${each} h`))
    expect(page).toContain(`| grace at the most | ${cells.join(' | ')} |`)
    expect(page).toContain(`tried ${maxAttempts} times`)
  })
})
