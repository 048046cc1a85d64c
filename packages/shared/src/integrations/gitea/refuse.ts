import { MomentryError } from '../../errors.ts'
import { errorText } from '../../jobs/error-text.ts'
import { hideSecrets } from '../../platform/hide-secrets.ts'
import { unprintable } from '../../platform/unprintable.ts'
import type { RemoteAnswer } from '../http/remote-http.ts'
import type { GiteaAccess } from './access.ts'
import { errorSchema } from './answers.ts'

/** Of the server's own text. */
const maxText = 300

/** The message of an error of Gitea's own, to decide by; undefined where it is one of what stands before Gitea. */
export function giteaMessage({ body }: RemoteAnswer): string | undefined {
  return errorSchema.safeParse(body).data?.message
}

/** The server's own words, to tell: one line, bounded, without what was sent in confidence. @param hidden all of that */
export function serverText(answer: RemoteAnswer, hidden: readonly string[]): string {
  const message = hideSecrets(giteaMessage(answer) ?? '')
  const line = hidden
    .reduce((text, secret) => text.replaceAll(secret, '[hidden]'), message)
    .replace(new RegExp(unprintable, 'gu'), ' ')
    .replace(/\s+/g, ' ')
    .trim()
  const text = errorText(line.slice(0, maxText))
  return text === '' ? `status ${answer.status}` : text
}

/**
 * Makes the error for an answer that is not what was asked for: `REMOTE_CREDENTIALS_REFUSED`, `CONFLICT` and
 * `REMOTE_REFUSED` where Gitea did nothing; `REMOTE_FAILED` where nobody knows.
 */
export function refusal(answer: RemoteAnswer, access: GiteaAccess): MomentryError {
  const text = serverText(answer, access.hidden)
  const { status } = answer
  const message = giteaMessage(answer) ?? ''
  if (status === 401 || isUnauthenticated(message, status, access))
    return new MomentryError(
      'REMOTE_CREDENTIALS_REFUSED',
      `Gitea refused the account (${text}): the user name or the password is wrong, a one-time code is missing or wrong, the user has a security key (WebAuthn), or Basic authentication is switched off there`,
    )
  if (status === 400 && message.includes('name has been used already'))
    return new MomentryError('CONFLICT', `${access.owner} has a token of this name on Gitea: ${text}`)
  if (status === 404) return new MomentryError('REMOTE_REFUSED', tellNotFound(answer, text, access))
  if (status >= 300 && status < 400)
    return new MomentryError(
      'REMOTE_REFUSED',
      `Gitea sends elsewhere (status ${status}): ${access.owner} may have another name now, or GITEA_URL may be wrong`,
    )
  if (status >= 400 && status < 500) return new MomentryError('REMOTE_REFUSED', `Gitea refused: ${text}`)
  return new MomentryError('REMOTE_FAILED', `Gitea failed: ${text}`)
}

/** The account's own tokens are refused so only where Gitea took nobody's name: with Basic authentication switched off. */
function isUnauthenticated(message: string, status: number, { own }: GiteaAccess): boolean {
  return own && status === 403 && message.includes('same as the contextUser')
}

function tellNotFound(answer: RemoteAnswer, text: string, { owner }: GiteaAccess): string {
  if (giteaMessage(answer) === undefined) return 'there is no API of Gitea: is GITEA_URL right?'
  return `Gitea knows no user ${owner} (${text}); it takes the user's name here, and not the address`
}
