import { afterAll } from 'vitest'
import { startGitea } from '../../support/remote/gitea/gitea-server.ts'
import { startN8n } from '../../support/remote/n8n/n8n-server.ts'
import { describeLife } from './suite.ts'
import { giteaTarget, n8nTarget } from './targets.ts'

const closers: (() => Promise<void>)[] = []
afterAll(() => Promise.all(closers.map((close) => close())))

describeLife('a token on the test server of Gitea', async () => {
  const server = await startGitea()
  closers.push(server.close)
  const user = { username: 'ada', password: 'correct horse' }
  server.addUser(user)
  return giteaTarget(server.url, user)
})

describeLife('a key on the test server of n8n', async () => {
  const server = await startN8n({ loginsPerMinute: 5 })
  closers.push(server.close)
  const user = { email: 'ops@example.com', password: 'Correct-horse-1' }
  server.addUser(user)
  return n8nTarget(server.url, user)
})
