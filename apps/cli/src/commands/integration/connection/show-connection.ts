import type { Connection } from '../../../api/shapes/integration.ts'
import type { Output } from '../../../output/output.ts'
import { showFields } from '../../show-fields.ts'

export function showConnection(out: Output, { id, name, account, server, error, lastUsedAt }: Connection): void {
  showFields(out, { id, name, account, server, 'last used': lastUsedAt, refused: error })
}
