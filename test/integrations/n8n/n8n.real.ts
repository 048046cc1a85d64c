import process from 'node:process'
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
