import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeSecret } from '@momentry/shared/keys/secret.ts'
import { afterEach, expect, it } from 'vitest'
import { searchWritten } from './search.ts'

const folder = mkdtempSync(join(tmpdir(), 'momentry-written-'))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('finds a secret by its shape, and one that was noted, and names the line', () => {
  const { secret } = makeSecret('user')
  writeFileSync(join(folder, 'api-1.log'), `{"level":"info"}\n{"msg":"${secret}"}\n`)
  writeFileSync(join(folder, 'worker-1.log'), '{"msg":"mty_[redacted]"}\nmty_user_short\n')
  writeFileSync(join(folder, 'alerter-2.log'), 'one\ntwo\nthree the-master-key=\n')
  writeFileSync(join(folder, 'secrets-2.list'), 'other\nthe-master-key=\n')
  expect(searchWritten(folder).finds.toSorted()).toEqual(['alerter-2.log, line 3', 'api-1.log, line 2'])
})
