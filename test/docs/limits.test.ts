import { readFileSync } from 'node:fs'
import { keyPolicySchema } from '@momentry/shared/keys/fields/policy.ts'
import { expect, it } from 'vitest'
import { readBlocks } from './shell-words.ts'

const page = readFileSync(new URL('../../docs/limits.md', import.meta.url), 'utf8')

it('docs/limits.md shows a policy of today’s form', () => {
  const [policy] = readBlocks(page, 'json').map((block) => JSON.parse(block))
  expect(keyPolicySchema.parse(policy)).toEqual(policy)
})
