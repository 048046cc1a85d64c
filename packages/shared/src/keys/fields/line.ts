import { z } from 'zod'
import { holdsSecret } from '../../platform/hide-secrets.ts'
import { unprintable } from '../../platform/unprintable.ts'

/** One line of text that says something, bounded, and safe to store, to log and to print. @param max UTF-16 units */
export const line = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((text) => text.trim() !== '', 'must not be blank')
    .refine((text) => !unprintable.test(text) && text.isWellFormed(), 'must not hold control characters')
    .refine((text) => !holdsSecret(text), 'must not hold a secret')
