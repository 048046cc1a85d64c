import { v5, v7 } from 'uuid'
import { z } from 'zod'

/** Gives a new id: UUID version 7, so that ids sort by the time of their making (RFC 9562). */
export function createId(): string {
  return v7()
}

/** Gives the same id for the same text, always: UUID version 5 (RFC 9562) in Momentry's own namespace. */
export function deriveId(text: string): string {
  return v5(text, namespace)
}

/** An id as it comes from outside. Of two spellings of one id only one may go further: it is hashed, compared and counted. */
export const idSchema = z.uuid().toLowerCase()

const namespace = '6d6f6d65-6e74-5279-8000-000000000001'
