import { Center, Loader } from '@mantine/core'
import { useEffect } from 'react'
import { onSignedOut } from '../../api/client.ts'
import { useSessionQuery } from '../../api/operation/session.ts'
import { queryClient } from '../../api/query.ts'
import { ErrorState } from '../../parts/states/error-state.tsx'
import { Frame } from '../frame.tsx'
import { SessionContext } from './session-context.ts'
import { SignIn } from './sign-in.tsx'

/** Lets in who has a session, and shows the sign-in to everybody else; the address stays, so that a link leads there. */
export function Gate() {
  const session = useSessionQuery()
  useEffect(() => {
    onSignedOut(() => queryClient.setQueryData(['session'], null))
  }, [])
  if (session.data === undefined && session.error)
    return (
      <Center mih="100dvh" p="md">
        <ErrorState error={session.error} onRetry={() => session.refetch()} />
      </Center>
    )
  if (session.data === undefined)
    return (
      <Center mih="100dvh">
        <Loader aria-label="Loading" />
      </Center>
    )
  if (session.data === null) return <SignIn />
  return (
    <SessionContext value={session.data}>
      <Frame />
    </SessionContext>
  )
}
