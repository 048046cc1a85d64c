import { afterAll } from 'vitest'
import { type N8nServer, startN8n } from '../../support/remote/n8n/n8n-server.ts'
import { describeN8nAccounts } from './accounts.ts'
import { describeN8nAnswers } from './answers.ts'
import { describeN8n } from './suite.ts'

// With an address that is not in lower case.
const user = { email: 'Ops@Example.com', password: 'Correct-horse-1' }
const servers: N8nServer[] = []
afterAll(() => Promise.all(servers.map((server) => server.close())))

async function start(): Promise<N8nServer> {
  const server = await startN8n()
  servers.push(server)
  server.addUser(user)
  return server
}

describeN8n('the test server as n8n 2.40', async () => ({ url: (await start()).url, ...user }))
describeN8nAnswers('the answers of the test server', async () => ({ url: (await start()).url, ...user }))
describeN8nAccounts('accounts on the test server', async () => {
  const server = await start()
  const other = { email: 'two@example.com', password: 'Correct-horse-2' }
  server.addUser({ ...other, mfaCode: '123456' })
  return { url: server.url, ...user, other: { ...other, code: () => '123456' } }
})
