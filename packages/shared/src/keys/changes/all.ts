/**
 * Stands in the outbox, and on the change channel, for every key at once (RFC 9562's nil UUID): after a restore nobody
 * knows which ones are others than they were.
 */
export const allKeys = '00000000-0000-0000-0000-000000000000'
