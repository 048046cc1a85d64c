import process from 'node:process'
import { describeLife } from '../life/suite.ts'
import { n8nTarget } from '../life/targets.ts'
import { describeN8n } from './suite.ts'

/** Set by scripts/test-n8n.ts. */
function read(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: run "npm run test:n8n"`)
  return value
}

describeN8n('the real n8n', () => ({
  url: read('N8N_TEST_URL'),
  email: read('N8N_TEST_EMAIL'),
  password: read('N8N_TEST_PASSWORD'),
}))

describeLife('a key on the real n8n, by the API and a worker', () =>
  n8nTarget(read('N8N_TEST_URL'), { email: read('N8N_TEST_EMAIL'), password: read('N8N_TEST_PASSWORD') }),
)
