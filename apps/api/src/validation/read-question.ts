import { type ValidateKeyInput, validateKeySchema } from '@momentry/shared/keys/schemas.ts'

/** Stands in a text where its bytes were no UTF-8. */
const broken = '\uFFFD'

/**
 * Reads the body of a question.
 * @returns undefined where it is not as it should be; whoever tells the caller what is wrong reads it again
 */
export function readQuestion(bytes: Buffer): ValidateKeyInput | undefined {
  const text = bytes.toString()
  if (text.includes(broken)) return undefined
  try {
    return validateKeySchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
