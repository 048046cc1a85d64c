import { MomentryError } from '../../errors.ts'
import { errorText } from '../../jobs/error-text.ts'
import { hideSecrets } from '../../platform/hide-secrets.ts'
import { unprintable } from '../../platform/unprintable.ts'
import type { RemoteAnswer } from '../http/remote-http.ts'
import { errorSchema } from './answers.ts'

/** Of the server's own text. */
const maxText = 300
/** How n8n says that a one-time code is missing. */
const mfaCode = 998
/** What n8n says, with the status 500, of a label that is taken. */
const duplicate = 'already an entry with this name'

/** The server's own words: one line, bounded, without what was sent in confidence. @param hidden all of that */
export function serverText(answer: RemoteAnswer, hidden: readonly string[]): string {
  const { data } = errorSchema.safeParse(answer.body)
  const where = data?.path && data.path.length > 0 ? `${data.path.join('.')}: ` : ''
  const said = hideSecrets(`${where}${data?.message ?? ''}`)
  const line = hidden
    .reduce((text, secret) => text.replaceAll(secret, '[hidden]'), said)
    .replace(new RegExp(unprintable, 'gu'), ' ')
    .replace(/\s+/g, ' ')
    .trim()
  const text = errorText(line.slice(0, maxText))
  return text === '' ? `status ${answer.status}` : text
}

/** Makes the error for a sign-in that n8n did not take. */
export function signInRefusal(answer: RemoteAnswer, hidden: readonly string[]): MomentryError {
  const text = serverText(answer, hidden)
  const { status } = answer
  if (status >= 500) return new MomentryError('REMOTE_FAILED', `n8n failed: ${text}`)
  if (errorSchema.safeParse(answer.body).data?.code === mfaCode)
    return new MomentryError('REMOTE_CREDENTIALS_REFUSED', `n8n wants a one-time code of this account: ${text}`)
  if (status === 400 || status === 401 || status === 403)
    return new MomentryError('REMOTE_CREDENTIALS_REFUSED', `n8n refused the account: ${text}`)
  if (status === 404) return new MomentryError('REMOTE_REFUSED', 'there is no n8n: is N8N_URL right?')
  return new MomentryError('REMOTE_REFUSED', `n8n refused to sign in: ${text}`)
}

/**
 * Makes the error for an answer that is not what was asked for: `CONFLICT`, `REMOTE_CREDENTIALS_REFUSED` and
 * `REMOTE_REFUSED` where n8n did nothing; `REMOTE_FAILED` where nobody knows.
 */
export function refusal(answer: RemoteAnswer, hidden: readonly string[]): MomentryError {
  const text = serverText(answer, hidden)
  const { status } = answer
  if (text.includes(duplicate))
    return new MomentryError('CONFLICT', `the account has a key of this label on n8n: ${text}`)
  if (status === 401) return new MomentryError('REMOTE_CREDENTIALS_REFUSED', `n8n refused the session: ${text}`)
  if (status === 404 && !errorSchema.safeParse(answer.body).success)
    return new MomentryError('REMOTE_REFUSED', 'n8n has no API keys: its public API may be switched off')
  if (status >= 300 && status < 500) return new MomentryError('REMOTE_REFUSED', `n8n refused: ${text}`)
  return new MomentryError('REMOTE_FAILED', `n8n failed: ${text}`)
}
