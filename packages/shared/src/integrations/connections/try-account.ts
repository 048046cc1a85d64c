import { MomentryError } from '../../errors.ts'
import { type Integrations, systemOf } from '../systems.ts'
import { openWith } from './open.ts'
import { heldSessions, type Session } from './sessions.ts'

/**
 * Signs in with credentials that are to be stored, and looks whether the account may manage what it is for.
 * @returns its name there, and the session that it got, where the system has sessions
 * @throws MomentryError `INTEGRATION_NOT_CONFIGURED`, `VALIDATION_FAILED` also for a one-time code, `REMOTE_CREDENTIALS_REFUSED`, or what else the other system says
 */
export async function tryAccount(
  integrations: Integrations,
  system: string,
  credentials: Readonly<Record<string, string>>,
): Promise<{ owner: string; session: Session | undefined }> {
  const integration = integrations.get(system)
  refuseOneTime(systemOf(system).codeField, credentials)
  const sessions = heldSessions()
  const account = openWith(integration, { credentials, sessions })
  try {
    await account.list()
    return { owner: account.owner, session: sessions.current() }
  } finally {
    await account.close()
  }
}

/** It works once: with it, the connection would be refused as soon as it is used. */
function refuseOneTime(field: string, credentials: Readonly<Record<string, string>>): void {
  if (credentials[field] === undefined) return
  const detail = 'a one-time code works once, and cannot be stored: use an account without a second factor'
  const issues = [{ pointer: `/credentials/${field}`, detail }]
  throw new MomentryError('VALIDATION_FAILED', 'these credentials cannot be stored', { issues })
}
