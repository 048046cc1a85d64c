import { createGitea } from '@momentry/shared/integrations/gitea/integration.ts'
import type { Access, Account, Integration } from '@momentry/shared/integrations/integration.ts'
import { afterEach } from 'vitest'
import { type GiteaOptions, type GiteaServer, startGitea } from '../../support/remote/gitea/gitea-server.ts'

export const ada = { username: 'ada', password: 'correct horse' }

/** Gives each test servers and integrations of its own, which end with it. */
export function useGitea() {
  const closers: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close()
  })

  /** A server that knows `ada`. */
  const start = async (options: GiteaOptions = {}): Promise<GiteaServer> => {
    const server = await startGitea(options)
    closers.push(server.close)
    server.addUser(ada)
    return server
  }
  const connect = (server: string, timeoutMs = 10_000): Integration => {
    const gitea = createGitea({ server, timeoutMs, now: Date.now })
    closers.push(gitea.close)
    return gitea
  }
  const open = (server: { url: string }, access: Partial<Access> = {}, timeoutMs?: number): Account =>
    connect(server.url, timeoutMs).open({ credentials: ada, ...access })
  return { start, connect, open }
}

/** Gives what a promise is rejected with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('it did not fail')
}
