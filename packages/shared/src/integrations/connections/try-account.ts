import type { Integration } from '../integration.ts'
import { openWith } from './open.ts'
import { heldSessions, type Session } from './sessions.ts'

/**
 * Signs in with credentials and looks whether the account may manage what it is for.
 * @returns its name there, and the session that it got, where the system has sessions
 * @throws MomentryError `VALIDATION_FAILED`, `REMOTE_CREDENTIALS_REFUSED`, or what else the other system says
 */
export async function tryAccount(
  integration: Integration,
  credentials: unknown,
): Promise<{ owner: string; session: Session | undefined }> {
  const sessions = heldSessions()
  const account = openWith(integration, { credentials, sessions })
  try {
    await account.list()
    return { owner: account.owner, session: sessions.current() }
  } finally {
    await account.close()
  }
}
