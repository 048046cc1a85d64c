/** What differs between versions, as far as tokens go. */
export interface Traits {
  /** `GET /token`. */
  tellsCurrentToken: boolean
  /** created_at and last_used_at are there, if only as zeros after a create. */
  tellsTimes: boolean
  /** The answer of create holds the scopes. */
  tellsNewScopes: boolean
  /** A token without a scope is refused. */
  needsScope: boolean
  /** The words of a refused sign-in. */
  refusal: string
}

/** @param version `1.22.3`, with `+dev` and the like or without */
export function traitsOf(version: string): Traits {
  const from = (...wanted: number[]) => compare(parse(version), wanted) >= 0
  return {
    tellsCurrentToken: from(1, 27),
    tellsTimes: from(1, 24),
    tellsNewScopes: from(1, 22, 3),
    needsScope: from(1, 22, 3),
    refusal: from(1, 24) ? 'invalid username, password or token' : 'user does not exist [uid: 0, name: , keyid: 0]',
  }
}

function parse(version: string): number[] {
  return version.split(/[^0-9]+/).map(Number)
}

function compare(one: readonly number[], other: readonly number[]): number {
  for (let index = 0; index < 3; index++) {
    const difference = (one[index] ?? 0) - (other[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
