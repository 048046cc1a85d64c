import type { KeyPolicy } from '../../../api/keys/keys.ts'

/** A policy with another part, or without it. */
export function withPart<Name extends keyof KeyPolicy>(
  policy: KeyPolicy,
  name: Name,
  value: NonNullable<KeyPolicy[Name]> | undefined,
): KeyPolicy {
  const { [name]: _before, ...others } = policy
  return value === undefined ? (others as KeyPolicy) : { ...policy, [name]: value }
}
