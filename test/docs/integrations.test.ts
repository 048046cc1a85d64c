import { readFileSync } from 'node:fs'
import { alertSchema } from '@momentry/shared/alerts/alert.ts'
import { errorCodes } from '@momentry/shared/errors.ts'
import { giteaScopes } from '@momentry/shared/integrations/gitea/scopes.ts'
import { handOverSchema } from '@momentry/shared/integrations/policy.ts'
import { maxAttempts } from '@momentry/shared/integrations/rotation/queue.ts'
import { verificationOutcomes } from '@momentry/shared/integrations/states.ts'
import { systems } from '@momentry/shared/integrations/systems.ts'
import { describe, expect, it } from 'vitest'

const read = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')
const page = read('integrations.md')

describe('docs/integrations.md', () => {
  it('names every alert about a credential, and every error of other systems', () => {
    const types = alertSchema.options.map((option) => option.shape.type.value)
    const codes = errorCodes.filter((code) => /^(REMOTE_|INTEGRATION_|CONNECTION_NEEDED)/.test(code))
    const told = [...types.filter((type) => type.startsWith('credential.')), ...codes, ...verificationOutcomes]
    expect(told.filter((name) => !page.includes(`\`${name}\``))).toEqual([])
  })

  it('shows each way to hand over, as the API takes it', () => {
    const shown = [...page.matchAll(/^\| `(\{"type".*?\})`/gm)].map(([, text = '']) =>
      text.replace('https://…', 'https://a.example'),
    )
    const parsed = shown.map((text) => handOverSchema.parse(JSON.parse(text)).type)
    expect(parsed).toEqual(['claim', 'hook', 'webhook'])
    expect(page).toContain('final after six tries')
    expect(maxAttempts).toBe(6)
  })

  it.each(systems.map(({ name }) => name))('leads to a guide for %s', (name) => {
    expect(page).toContain(`](${name}.md)`)
    expect(read(`${name}.md`).length).toBeGreaterThan(1000)
  })
})

describe('docs/gitea.md', () => {
  it('names every scope', () => {
    const guide = read('gitea.md')
    const words = new Set(giteaScopes.map((scope) => scope.replace(/^(read|write):/, '')))
    expect([...words].filter((word) => !guide.includes(`\`${word}\``))).toEqual([])
  })
})
