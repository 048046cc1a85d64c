import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import { holdsScope, scopeSchema } from './scope.ts'

/** What a request needs: a scope, all of several parts, or any of them. */
export type ScopeExpression =
  | { readonly scope: string }
  | { readonly all: readonly ScopeExpression[] }
  | { readonly any: readonly ScopeExpression[] }

/** What is wrong with a text that is no expression. */
interface ExpressionProblem {
  /** The place of the character where it is, from 1 on. */
  at: number
  message: string
}

/** Bounds of what anyone may send: within them it is read and judged in microseconds. */
const maxLength = 1000
const maxDepth = 20
const maxScopes = 100

/** One pair of parentheses, or the whole: what was read of it so far. */
interface Level {
  /** Parts between which AND stands, since the last OR. */
  all: ScopeExpression[]
  /** What stands before the ORs. */
  any: ScopeExpression[]
}

/** How far the reading is: the levels that are open, the innermost last. */
interface Reading {
  levels: [Level, ...Level[]]
  scopes: number
  wantsOperand: boolean
}

/**
 * Reads an expression such as `keys:read AND (billing OR admin)`: scopes, `AND`, which binds tighter, `OR`, and
 * parentheses.
 */
export function parseScopeExpression(text: string): ScopeExpression | { problem: ExpressionProblem } {
  const reading: Reading = { levels: [openLevel()], scopes: 0, wantsOperand: true }
  for (const { 0: token, index } of text.matchAll(/[()]|[^\s()]+/g)) {
    const message = reading.wantsOperand ? readOperand(reading, token) : readOperator(reading, token)
    if (message !== undefined) return { problem: { at: index + 1, message } }
  }
  const message = reading.wantsOperand ? operandExpected : reading.levels.length > 1 ? ') is missing' : undefined
  if (message !== undefined) return { problem: { at: text.length + 1, message } }
  return close(reading.levels[0])
}

const operandExpected = 'a scope or ( is expected'

/** @returns what is wrong with the token, if anything */
function readOperand(reading: Reading, token: string): string | undefined {
  const { levels } = reading
  if (token === '(') {
    levels.push(openLevel())
    return levels.length > maxDepth + 1 ? `must not nest deeper than ${maxDepth} levels` : undefined
  }
  if (!scopeSchema.safeParse(token).success) return operandExpected
  innermost(levels).all.push({ scope: token })
  reading.wantsOperand = false
  return ++reading.scopes > maxScopes ? `must not name more than ${maxScopes} scopes` : undefined
}

/** @returns what is wrong with the token, if anything */
function readOperator(reading: Reading, token: string): string | undefined {
  const { levels } = reading
  if (token === ')') {
    const inner = levels.length > 1 ? levels.pop() : undefined
    if (!inner) return 'no ( belongs to this )'
    innermost(levels).all.push(close(inner))
    return undefined
  }
  if (token !== 'AND' && token !== 'OR') return 'AND, OR or ) is expected'
  if (token === 'OR') endAlternative(innermost(levels))
  reading.wantsOperand = true
  return undefined
}

/** Tells whether someone who holds `held` holds what an expression asks for; `holdsScope` decides on each scope. */
export function satisfies(held: readonly string[], expression: ScopeExpression): boolean {
  if ('scope' in expression) return holdsScope(held, expression.scope)
  if ('all' in expression) return expression.all.every((part) => satisfies(held, part))
  return expression.any.some((part) => satisfies(held, part))
}

/** Services ask by the same few expressions again and again. */
const known = new LRUCache<string, ScopeExpression>({ max: 500 })

/** An expression as text; it comes out read. */
export const scopeExpressionSchema = z
  .string()
  .max(maxLength)
  .meta({
    description: 'What the request needs, of scopes, `AND`, `OR` and parentheses; `AND` binds tighter',
    example: 'invoices:read AND (billing OR admin)',
  })
  .transform((text, context): ScopeExpression => {
    const read = known.get(text) ?? parseScopeExpression(text)
    if (!('problem' in read)) {
      known.set(text, read)
      return read
    }
    context.addIssue({ code: 'custom', message: `at character ${read.problem.at}: ${read.problem.message}` })
    return z.NEVER
  })

function openLevel(): Level {
  return { all: [], any: [] }
}

function innermost(levels: Reading['levels']): Level {
  return levels.at(-1) ?? levels[0]
}

function endAlternative(level: Level): void {
  level.any.push(join(level.all))
  level.all = []
}

function close(level: Level): ScopeExpression {
  endAlternative(level)
  const [only] = level.any
  return level.any.length === 1 && only ? only : { any: level.any }
}

function join(parts: readonly ScopeExpression[]): ScopeExpression {
  const [only] = parts
  return parts.length === 1 && only ? only : { all: parts }
}
