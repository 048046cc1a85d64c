import { MomentryError } from '../../errors.ts'
import type { RemoteAnswer } from '../http/remote-http.ts'
import type { RemoteCredential } from '../integration.ts'
import { type GiteaAccess, tokensPath } from './access.ts'
import { listedTokensSchema, readAnswer, viewToken } from './answers.ts'
import { refusal } from './refuse.ts'

/** Gitea gives no more on one page, and an operator may have set less (`MAX_RESPONSE_ITEMS`). */
const pageSize = 50
/** 50,000 tokens: more is no user, but a server that repeats itself. */
const maxPages = 1000
/** So often a list that changes while it is read is read. */
const maxReadings = 3

interface Reading {
  tokens: Map<string, RemoteCredential>
  /** Whether it holds each token that there was: false where some were deleted or made between two pages. */
  whole: boolean
}

/**
 * Reads all tokens of the owner. A page that shifts while they are read would hide one, and what is not in the list counts
 * as gone, so it is read anew until it is whole, or the same twice.
 * @throws MomentryError as `Account.list`
 */
export async function listTokens(access: GiteaAccess): Promise<RemoteCredential[]> {
  let last: Reading | undefined
  for (let count = 0; count < maxReadings; count++) {
    const reading = await readPages(access)
    if (reading.whole || isSame(reading, last)) return [...reading.tokens.values()]
    last = reading
  }
  throw new MomentryError('REMOTE_FAILED', 'the list of tokens on Gitea changed again and again while it was read')
}

async function readPages(access: GiteaAccess): Promise<Reading> {
  const tokens = new Map<string, RemoteCredential>()
  let firstTotal: number | undefined
  let rows = 0
  for (let page = 1; page <= maxPages; page++) {
    const answer = await readPage(access, page)
    const found = readAnswer(listedTokensSchema, answer).map(viewToken)
    const total = totalOf(answer)
    firstTotal ??= total
    const known = tokens.size
    rows += found.length
    // One that shifted onto this page was on the page before too.
    for (const token of found) if (!tokens.has(token.remoteId)) tokens.set(token.remoteId, token)
    // Without a total only a page with nothing new is the end: a short one may be a server's own smaller size.
    const isEnd = found.length === 0 || (total === undefined ? tokens.size === known : rows >= total)
    if (isEnd) return { tokens, whole: total === firstTotal && (total === undefined || tokens.size === total) }
  }
  throw new MomentryError('REMOTE_FAILED', `the list of tokens on Gitea has no end within ${maxPages} pages`)
}

async function readPage(access: GiteaAccess, page: number): Promise<RemoteAnswer> {
  const { http, headers } = access
  const answer = await http.send({
    method: 'GET',
    path: tokensPath(access),
    query: { page, limit: pageSize },
    headers,
  })
  if (answer.status !== 200) throw refusal(answer, access)
  return answer
}

function totalOf({ headers }: RemoteAnswer): number | undefined {
  const text = headers.get('x-total-count') ?? ''
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined
}

function isSame(one: Reading, other: Reading | undefined): boolean {
  return (
    other !== undefined &&
    one.tokens.size === other.tokens.size &&
    [...one.tokens.keys()].every((id) => other.tokens.has(id))
  )
}
