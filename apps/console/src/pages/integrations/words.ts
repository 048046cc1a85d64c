import type { SystemName } from '../../api/operation/integrations.ts'

interface SystemWords {
  title: string
  /** Of its credentials, in headings: `Gitea tokens`. */
  many: string
  one: string
  /** What an account signs in with. */
  user: { field: string; label: string }
  code: string
  scopes: readonly string[]
}

const giteaScopes = [
  'activitypub',
  'admin',
  'misc',
  'notification',
  'organization',
  'package',
  'issue',
  'repository',
  'user',
].flatMap((category) => [`read:${category}`, `write:${category}`])

/** How each system is spoken of. n8n's scopes differ between roles and versions; those are the common ones. */
export const systemWords: Readonly<Record<SystemName, SystemWords>> = {
  gitea: {
    ...{ title: 'Gitea', many: 'Gitea tokens', one: 'token' },
    user: { field: 'username', label: 'User name' },
    code: 'otp',
    scopes: ['all', 'public-only', ...giteaScopes],
  },
  n8n: {
    ...{ title: 'n8n', many: 'n8n keys', one: 'key' },
    user: { field: 'email', label: 'E-mail address' },
    code: 'mfaCode',
    scopes: [
      ...['workflow:read', 'workflow:list', 'workflow:create', 'workflow:update', 'workflow:delete'],
      ...['workflow:activate', 'workflow:deactivate', 'execution:read', 'execution:list', 'execution:delete'],
      ...['tag:read', 'tag:list', 'tag:create', 'variable:list', 'variable:create', 'credential:create'],
    ],
  },
}

export function isSystemName(name: string): name is SystemName {
  return name in systemWords
}
