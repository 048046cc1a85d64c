import { type LimitedPolicy, mergeLimits } from './merge-limits.ts'
import type { PolicyOptions } from './options.ts'

type Fields = Readonly<Record<string, unknown>>

/**
 * Changes a policy by what was asked for, and leaves the rest as it is: the API replaces a policy as a whole.
 * @param policy as it is now
 * @returns undefined where nothing was asked for
 */
export function mergePolicy(
  policy: LimitedPolicy & { rotation?: Fields | undefined },
  options: PolicyOptions,
): Fields | undefined {
  const { rotateEvery, grace, onAnomaly, minSeverity, dryRun } = options
  const limits = mergeLimits(policy, options)
  const isNothing = [rotateEvery, grace, onAnomaly, minSeverity, dryRun].every((option) => option === undefined)
  if (isNothing && Object.keys(limits).length === 0) return undefined
  const { rotation: before = {}, ...rest } = policy
  const rotation = {
    ...without(before, [
      ...(rotateEvery === undefined ? [] : ['intervalSeconds']),
      ...(grace === undefined ? [] : ['graceSeconds']),
    ]),
    ...(rotateEvery !== undefined &&
      rotateEvery !== 'default' && { intervalSeconds: rotateEvery === 'never' ? null : rotateEvery }),
    ...(grace !== undefined && grace !== 'default' && { graceSeconds: grace }),
  }
  return {
    ...rest,
    ...(Object.keys(rotation).length > 0 && { rotation }),
    ...(onAnomaly !== undefined && { onAnomaly }),
    ...(minSeverity !== undefined && { minimumSeverity: minSeverity }),
    ...(dryRun !== undefined && { dryRun }),
    ...limits,
  }
}

function without(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)))
}
