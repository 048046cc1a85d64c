import { expect } from 'vitest'
import { z } from 'zod'
import type { Answer, Call } from '../api/client.ts'
import { type Harness, startHarness } from '../api/harness.ts'
import { type GiteaServer, startGitea } from '../support/remote/gitea/gitea-server.ts'

export const ada = { username: 'ada', password: 'correct horse' }

export const credentialSchema = z.looseObject({
  id: z.string(),
  owner: z.string(),
  name: z.string(),
  remoteName: z.string(),
  remoteId: z.string().nullable(),
  hint: z.string().nullable(),
  scopes: z.array(z.string()),
  version: z.number(),
  state: z.string(),
  connectionId: z.string().nullable(),
  nextRotationAt: z.string().nullable(),
  expiresAt: z.string().nullable(),
  lastOutcome: z.string().nullable(),
})
export type Credential = z.infer<typeof credentialSchema>
const createdSchema = credentialSchema.extend({ key: z.string() })
const idSchema = z.looseObject({ id: z.string() })

export const giteaPath = '/v1/integrations/gitea/tokens'

/** An api beside a Gitea that knows `ada`. */
export interface GiteaHarness extends Harness {
  gitea: GiteaServer
  /** What a process needs to find both. */
  env: Record<string, string>
  /** Makes a token, by ada's password unless told otherwise. */
  create(input?: object): Promise<z.infer<typeof createdSchema>>
  /** Stores ada's account and gives its id. */
  connect(): Promise<string>
  read(id: string): Promise<Credential>
}

export async function startGiteaHarness(env: Record<string, string> = {}): Promise<GiteaHarness> {
  const gitea = await startGitea()
  gitea.addUser(ada)
  const all = { GITEA_URL: gitea.url, INTEGRATION_TIMEOUT_SECONDS: '20', ...env }
  const t = await startHarness(all)
  return {
    ...t,
    gitea,
    env: { ...t.stores.env, ...all },
    ...createRequests(t.asRoot),
    async close() {
      await t.close()
      await gitea.close()
    },
  }
}

let names = 0

function createRequests(call: Call) {
  return {
    async create(input: object = {}) {
      names += 1
      const account = 'connectionId' in input ? {} : { credentials: ada }
      const body = { username: 'ada', name: `token ${names}`, scopes: ['read:user'], ...account, ...input }
      return createdSchema.parse(bodyOf(await call('POST', giteaPath, { body }), 201))
    },
    async connect() {
      names += 1
      const body = { system: 'gitea', name: `account ${names}`, credentials: ada }
      return idSchema.parse(bodyOf(await call('POST', '/v1/integrations/connections', { body }), 201)).id
    },
    read: async (id: string) => credentialSchema.parse(bodyOf(await call('GET', `${giteaPath}/${id}`), 200)),
  }
}

/** The body of an answer that must have a status. */
export function bodyOf(answer: Answer, status: number): unknown {
  expect(answer, answer.text).toMatchObject({ status })
  return answer.body
}
