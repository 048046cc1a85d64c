import { credentialTable } from '../credential-table.ts'

/** Personal access tokens on Gitea. */
export const giteaTokens = credentialTable('gitea_tokens')
