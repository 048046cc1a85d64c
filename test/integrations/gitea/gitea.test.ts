import { afterAll } from 'vitest'
import { type GiteaServer, startGitea } from '../../support/remote/gitea/gitea-server.ts'
import { describeGitea } from './suite.ts'

const servers: GiteaServer[] = []
afterAll(() => Promise.all(servers.map((server) => server.close())))

// With a name that is not in lower case, and a password that only UTF-8 can hold.
const user = { username: 'Ada-L', password: 'pässwort: 密码' }

for (const version of ['1.21.11', '1.22.3', '1.24.6', '1.27.0'])
  describeGitea(`the test server as Gitea ${version}`, async () => {
    const server = await startGitea({ version })
    servers.push(server)
    server.addUser(user)
    return { url: server.url, ...user }
  })
