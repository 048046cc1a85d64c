import { afterAll } from 'vitest'
import { type N8nServer, startN8n } from '../../support/remote/n8n/n8n-server.ts'
import { describeN8n } from './suite.ts'

let server: N8nServer
afterAll(() => server.close())

// With an address that is not in lower case.
const user = { email: 'Ops@Example.com', password: 'Correct-horse-1' }

describeN8n('the test server as n8n 2.40', async () => {
  server = await startN8n()
  server.addUser(user)
  return { url: server.url, ...user }
})
