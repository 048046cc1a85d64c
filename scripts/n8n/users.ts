import { randomBytes } from 'node:crypto'

export interface TestUsers {
  /** Owns the server. */
  owner: string
  /** Owns nothing, both of them. */
  member: string
  other: string
  /** Of all of them. */
  password: string
}

/** Makes the first user of a new n8n, and two who own nothing. @throws where n8n refuses */
export async function makeUsers(url: string): Promise<TestUsers> {
  const password = `Aa1${randomBytes(12).toString('hex')}`
  const post = async (path: string, body: object, cookie = '') => {
    const answer = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`n8n makes no users: it answered ${answer.status} to ${path}`)
    return { text: await answer.text(), cookie: answer.headers.getSetCookie()[0]?.split(';')[0] ?? '' }
  }

  const owner = 'momentry@example.com'
  const names = { firstName: 'Momentry', lastName: 'Test' }
  const { cookie } = await post('/rest/owner/setup', { ...names, email: owner, password })
  const invite = async (email: string) => {
    const { text } = await post('/rest/invitations', [{ email, role: 'global:member' }], cookie)
    await post('/rest/invitations/accept', { ...names, token: tokenOf(text), password })
    return email
  }
  return { owner, member: await invite('member@example.com'), other: await invite('other@example.com'), password }
}

/** An invitation is a link to the page on which it is accepted. */
function tokenOf(text: string): string {
  const token = /signup\?token=([\w.-]+)/.exec(text)?.[1]
  if (token === undefined) throw new Error('n8n invites nobody')
  return token
}
