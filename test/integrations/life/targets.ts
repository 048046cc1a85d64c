import type { Target } from './suite.ts'

export function giteaTarget(url: string, credentials: { username: string; password: string; otp?: string }): Target {
  return {
    system: 'gitea',
    collection: 'tokens',
    env: { GITEA_URL: url },
    credentials,
    owner: credentials.username.toLowerCase(),
    scopes: ['read:user'],
    bodyOf: ({ name, scopes }) => ({ username: credentials.username, name, scopes }),
  }
}

export function n8nTarget(url: string, credentials: { email: string; password: string }): Target {
  return {
    system: 'n8n',
    collection: 'keys',
    env: { N8N_URL: url },
    credentials,
    owner: credentials.email.toLowerCase(),
    scopes: ['workflow:list'],
    bodyOf: ({ name, scopes }) => ({ label: name, scopes }),
  }
}
