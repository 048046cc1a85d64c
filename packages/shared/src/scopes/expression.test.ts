import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseScopeExpression, satisfies, scopeExpressionSchema } from './expression.ts'

/** Whether someone who holds just these scopes passes; undefined where the text is no expression. */
function passes(text: string, held: readonly string[]): boolean | undefined {
  const read = parseScopeExpression(text)
  return 'problem' in read ? undefined : satisfies(held, read)
}

/** A tree that was not parsed, and its own idea of what it means. */
type Tree = string | { word: 'AND' | 'OR'; parts: Tree[] }

const scope = fc.constantFrom('a', 'b:read', 'b:*', 'c_d', 'e.f', '*')
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    scope,
    fc.record({
      word: fc.constantFrom('AND' as const, 'OR' as const),
      parts: fc.array(tie('tree'), { minLength: 2, maxLength: 3 }),
    }),
  ),
}))

const covers = (held: string, wanted: string) =>
  held === '*' || held === wanted || (held.endsWith('*') && wanted.startsWith(held.slice(0, -1)))

function means(node: Tree, held: readonly string[]): boolean {
  if (typeof node === 'string') return held.some((each) => covers(each, node))
  const truths = node.parts.map((part) => means(part, held))
  return node.word === 'AND' ? !truths.includes(false) : truths.includes(true)
}

/** Writes a tree with no more parentheses than it takes, apart from those that `spare` adds. */
function write(node: Tree, spare: () => boolean, inAnd = false): string {
  if (typeof node === 'string') return spare() ? `( ${node})` : node
  const text = node.parts.map((part) => write(part, spare, node.word === 'AND')).join(`  ${node.word}\n`)
  return (inAnd && node.word === 'OR') || spare() ? `(${text})` : text
}

describe('parseScopeExpression', () => {
  it('means what an independent reading of the same tree means', () => {
    const held = fc.array(fc.constantFrom('a', 'b:read', 'b:write', 'c_d', 'e.f', 'b:*'), { maxLength: 4 })
    fc.assert(
      fc.property(tree, held, fc.infiniteStream(fc.boolean()), (node, scopes, coins) => {
        const spare = () => coins.next().value === true
        expect(passes(write(node, spare), scopes)).toBe(means(node, scopes))
      }),
      { numRuns: 3000 },
    )
  })

  it('reads anything within its bounds, and never throws', () => {
    const word = fc.constantFrom('a', 'AND', 'OR', '(', ')', 'and', 'NOT', '!', ' ', 'A')
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), (words) => {
        const text = words.join(' ')
        const read = parseScopeExpression(text)
        if (!('problem' in read)) return
        expect(read.problem.at).toBeGreaterThanOrEqual(1)
        expect(read.problem.at).toBeLessThanOrEqual(text.length + 1)
      }),
      { numRuns: 3000 },
    )
  })

  it.each([
    ['a OR b AND c', ['a'], true],
    ['a OR b AND c', ['b'], false],
    ['(a OR b) AND c', ['a'], false],
    ['keys:read AND (billing OR admin)', ['keys:*', 'admin'], true],
    ['keys:read AND (billing OR admin)', ['keys:*'], false],
    ['a AND b', ['*'], true],
  ])('%s, for who holds %j: %s', (text, held, expected) => {
    expect(passes(text, held)).toBe(expected)
  })

  it.each([
    ['', 1, 'a scope or ( is expected'],
    ['a AND', 6, 'a scope or ( is expected'],
    ['a b', 3, 'AND, OR or ) is expected'],
    ['a and b', 3, 'AND, OR or ) is expected'],
    ['a AND NOT b', 7, 'a scope or ( is expected'],
    ['AND a', 1, 'a scope or ( is expected'],
    ['()', 2, 'a scope or ( is expected'],
    ['(a', 3, ') is missing'],
    ['a)', 2, 'no ( belongs to this )'],
    ['a AND Keys:read', 7, 'a scope or ( is expected'],
    [`${'('.repeat(21)}a${')'.repeat(21)}`, 21, 'must not nest deeper than 20 levels'],
    [Array(101).fill('a').join(' OR '), 501, 'must not name more than 100 scopes'],
  ])('refuses %j at character %i: %s', (text, at, message) => {
    expect(parseScopeExpression(text)).toEqual({ problem: { at, message } })
  })

  it('goes as deep and as far as it says', () => {
    expect(passes(`${'('.repeat(20)}a${')'.repeat(20)}`, ['a'])).toBe(true)
    expect(passes(Array(100).fill('a').join(' OR '), ['a'])).toBe(true)
  })
})

describe('scopeExpressionSchema', () => {
  it('says where an expression goes wrong', () => {
    const { error } = scopeExpressionSchema.safeParse('a AND')
    expect(error?.issues[0]?.message).toBe('at character 6: a scope or ( is expected')
    expect(scopeExpressionSchema.safeParse(`a${' '.repeat(1000)}`).success).toBe(false)
  })
})
