import { readFileSync } from 'node:fs'
import { alertSchema } from '@momentry/shared/alerts/alert.ts'
import { expect, it } from 'vitest'
import { readBlocks } from './shell-words.ts'

it('docs/lockout.md shows an alert of today’s form', () => {
  const page = readFileSync(new URL('../../docs/lockout.md', import.meta.url), 'utf8')
  const [alert] = readBlocks(page, 'json').map((block) => JSON.parse(block))
  expect(alertSchema.parse(alert)).toEqual(alert)
})
