import { isDeeperThan } from '../../platform/json-depth.ts'

/** Answers of an API are a handful deep. */
const maxDepth = 100

/** Reads JSON. @returns undefined where the text is none, or nested too deeply */
export function parseJson(text: string): unknown {
  if (isDeeperThan(maxDepth, Buffer.from(text))) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
