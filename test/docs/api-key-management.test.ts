import { readFileSync } from 'node:fs'
import { alertSchema } from '@momentry/shared/alerts/alert.ts'
import { rules } from '@momentry/shared/anomalies/detect/rules/rules.ts'
import { parseSecret } from '@momentry/shared/keys/secret.ts'
import { validationCodes } from '@momentry/shared/keys/status.ts'
import { validationSchema } from '@momentry/shared/keys/validation/answer.ts'
import { holdsSecret } from '@momentry/shared/platform/hide-secrets.ts'
import { describe, expect, it } from 'vitest'
import { readBlocks } from './shell-words.ts'

const page = readFileSync(new URL('../../docs/api-key-management.md', import.meta.url), 'utf8')
const documents = readBlocks(page, 'json').map((block) => JSON.parse(block))

describe('docs/api-key-management.md', () => {
  it('shows a secret whose checksum is right', () => {
    const [example = ''] = /^mty_\S+$/m.exec(page) ?? []
    expect([parseSecret(example), holdsSecret(example)]).toEqual(['service', true])
  })

  it('shows a verdict and an alert of today’s form', () => {
    expect(documents).toHaveLength(2)
    expect(documents[0]).toEqual(validationSchema.parse(documents[0]))
    expect(documents[1]).toEqual(alertSchema.parse(documents[1]))
  })

  it('names every rule and every code of validation', () => {
    const names = [...rules.map((rule) => rule.name), ...validationCodes]
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([])
  })
})
