import process from 'node:process'
import { describeLife } from '../life/suite.ts'
import { n8nTarget } from '../life/targets.ts'
import { describeN8nAccounts } from './accounts.ts'
import { describeN8nAnswers } from './answers.ts'
import { turnOnSecondFactor } from './second-factor.ts'
import { describeN8n } from './suite.ts'

/** Set by scripts/test-n8n.ts. */
function read(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: run "npm run test:n8n"`)
  return value
}

const account = (name: string) => ({ email: read(name), password: read('N8N_TEST_PASSWORD') })
const owner = () => ({ url: read('N8N_TEST_URL'), ...account('N8N_TEST_OWNER') })

describeN8n('the real n8n', owner)
describeN8nAnswers('the answers of the real n8n', owner)
describeN8nAccounts('accounts on the real n8n', async () => {
  const other = account('N8N_TEST_OTHER')
  const code = await turnOnSecondFactor({ url: read('N8N_TEST_URL'), ...other })
  return { ...owner(), other: { ...other, code } }
})

// By another account: each may sign in five times a minute.
describeLife('a key on the real n8n, by the API and a worker', () =>
  n8nTarget(read('N8N_TEST_URL'), account('N8N_TEST_MEMBER')),
)
