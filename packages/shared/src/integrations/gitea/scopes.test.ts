import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findScopeProblems, giteaScopes, normaliseScopes } from './scopes.ts'

const writes = giteaScopes.filter((scope) => scope.startsWith('write:'))
const someScopes = fc.array(fc.constantFrom(...giteaScopes), { maxLength: 30 })

/** What a list of scopes allows, one right at a time: another way to say what the list means. */
function rightsOf(scopes: readonly string[]): string[] {
  const rights = scopes.flatMap((scope) => {
    if (scope === 'all') return writes.flatMap((write) => [write, write.replace('write', 'read')])
    return scope.startsWith('write:') ? [scope, scope.replace('write', 'read')] : [scope]
  })
  return [...new Set(rights)].sort()
}

describe('normaliseScopes', () => {
  it.each([
    ['nothing', [], []],
    ['duplicates', ['read:user', 'read:user'], ['read:user']],
    ['a read that a write implies', ['read:user', 'write:user'], ['write:user']],
    [
      'another order',
      ['read:user', 'read:admin', 'write:activitypub'],
      ['write:activitypub', 'read:admin', 'read:user'],
    ],
    ['all nine writes', writes.toReversed(), ['all']],
    ['eight writes', writes.slice(1), writes.slice(1)],
    ['all with others', ['read:user', 'all', 'write:issue'], ['all']],
    ['public-only', ['all', 'public-only'], ['public-only', 'all']],
    ['what it does not know', ['write:wiki', 'read:user', 'a:b'], ['read:user', 'a:b', 'write:wiki']],
  ])('gives %s as Gitea does', (_, given, normal) => {
    expect(normaliseScopes(given)).toEqual(normal)
  })

  it('allows what was allowed before, and gives the same again', () => {
    fc.assert(
      fc.property(someScopes, (scopes) => {
        const normal = normaliseScopes(scopes)
        expect(rightsOf(normal)).toEqual(rightsOf(scopes))
        expect(normaliseScopes(normal)).toEqual(normal)
        expect(normaliseScopes(scopes.toReversed())).toEqual(normal)
      }),
    )
  })

  it('gives equal lists for equal rights, and for no others', () => {
    fc.assert(
      fc.property(someScopes, someScopes, (one, other) => {
        const same = rightsOf(one).join() === rightsOf(other).join()
        expect(normaliseScopes(one).join() === normaliseScopes(other).join()).toBe(same)
      }),
    )
  })
})

describe('findScopeProblems', () => {
  it('finds nothing wrong with any scope of Gitea', () => {
    expect(giteaScopes).toHaveLength(20)
    expect(findScopeProblems(giteaScopes)).toEqual([])
  })

  it.each([
    ['read:usr', 'read:user'],
    ['READ:USER', 'read:user'],
    ['read_user', 'read:user'],
    ['user', 'read:user'],
    ['read:repo', 'read:repository'],
    ['write:org', 'write:organization'],
    ['repositry', 'read:repository'],
    ['write:pakage', 'write:package'],
    ['publiconly', 'public-only'],
    ['al', 'all'],
  ])('for %s it suggests %s', (scope, suggestion) => {
    expect(findScopeProblems(['read:user', scope])).toEqual([{ scope, suggestion }])
  })

  it.each([['x'], [''], ['sudo'], ['write:everything'], ['🔑']])('for %j it suggests nothing', (scope) => {
    expect(findScopeProblems([scope])).toEqual([{ scope, suggestion: undefined }])
  })

  it('suggests scopes of Gitea only, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        for (const { suggestion } of findScopeProblems([text]))
          expect([undefined, ...giteaScopes]).toContain(suggestion)
      }),
    )
  })

  it('finds the scope again behind one typo', () => {
    const typo = fc.tuple(fc.constantFrom(...writes), fc.nat(), fc.constantFrom('x', 'q'))
    fc.assert(
      fc.property(typo, ([scope, at, letter]) => {
        // Of the category, since another level is another scope.
        const index = 'write:'.length + (at % (scope.length - 'write:'.length))
        const typed = `${scope.slice(0, index)}${letter}${scope.slice(index + 1)}`
        expect(findScopeProblems([typed])).toEqual([{ scope: typed, suggestion: scope }])
      }),
    )
  })
})
