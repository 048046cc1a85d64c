import { customType, timestamp } from './schema.ts'

/** Raw bytes. */
export const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' })

/** An IPv4 or IPv6 address, as Postgres knows it. */
export const inet = customType<{ data: string; driverData: string }>({ dataType: () => 'inet' })

/** A point in time, to the microsecond, with its zone. */
export const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })
