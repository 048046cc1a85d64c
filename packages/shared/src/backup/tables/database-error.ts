import { MomentryError } from '../../errors.ts'
import { isPostgresUnavailable } from '../../platform/postgres/client.ts'

/** Says in Momentry's words what went wrong with the database; gives everything else as it is. */
export function asDatabaseError(error: unknown): unknown {
  if (error instanceof MomentryError) return error
  if (stateOf(error) === '53200')
    return new MomentryError(
      'CONFLICT',
      'PostgreSQL has no room for a lock on each partition: raise max_locks_per_transaction there (docs/backups.md)',
      { cause: error },
    )
  if (isPostgresUnavailable(error))
    return new MomentryError('DATABASE_UNAVAILABLE', 'the database went away', { cause: error })
  if (stateOf(error) === '42501' && error instanceof Error)
    return new MomentryError('FORBIDDEN', `the database refuses it to this role: ${error.message}`, { cause: error })
  return error
}

/** The SQLSTATE of an error of Postgres. */
export function stateOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
