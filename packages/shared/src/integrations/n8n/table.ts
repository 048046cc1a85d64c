import { credentialTable } from '../credential-table.ts'

/** API keys of n8n. */
export const n8nApiKeys = credentialTable('n8n_api_keys')
