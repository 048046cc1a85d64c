import { createContext, useContext } from 'react'
import { holdsScope, type Session } from '../../api/operation/session.ts'

export const SessionContext = createContext<Session | undefined>(undefined)

/** Who is signed in. Pages are only shown to somebody who is. */
export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('this part needs somebody who is signed in')
  return session
}

/** Tells whether the key that is signed in holds a scope: what it may not do is not offered. */
export function useMay(scope: string): boolean {
  return holdsScope(useSession().scopes, scope)
}
