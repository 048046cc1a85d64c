import { Alert, Box, Button, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useSignIn } from '../../api/operation/session.ts'
import { Mark } from '../mark.tsx'
import { SchemeSwitch } from '../scheme-switch.tsx'
import { describeSignIn } from './describe-sign-in.ts'
import './sign-in.css'

/** Signing in by a key's secret. It leaves the field as soon as it was sent, whatever the answer. */
export function SignIn() {
  const [key, setKey] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const signIn = useSignIn()
  useEffect(() => {
    document.title = 'Sign in · Momentry'
  }, [])

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (signIn.isPending) return
    if (key.trim() === '') return field.current?.focus()
    signIn.mutate(key.trim(), {
      onError: () => {
        setKey('')
        field.current?.focus()
      },
    })
  }

  return (
    <main className="sign-in">
      <Box className="sign-in-switch">
        <SchemeSwitch />
      </Box>
      <form className="card sign-in-card" onSubmit={submit}>
        <Stack gap="lg">
          <Stack gap={6}>
            <Mark size={36} />
            <Title order={1} mt="xs">
              Sign in to Momentry
            </Title>
            <Text c="dimmed">With the secret of a key. You see and can do what the scopes of that key allow.</Text>
          </Stack>
          {signIn.error && (
            <Alert color="red" variant="light" role="alert" title="That did not work">
              {describeSignIn(signIn.error)}
            </Alert>
          )}
          <PasswordInput
            ref={field}
            label="Secret"
            placeholder="mty_…"
            size="md"
            name="secret"
            autoComplete="current-password"
            spellCheck={false}
            data-autofocus
            autoFocus
            value={key}
            onChange={(event) => setKey(event.currentTarget.value)}
            classNames={{ innerInput: 'mono' }}
          />
          <Button type="submit" size="md" fullWidth loading={signIn.isPending}>
            Sign in
          </Button>
          <Text size="sm" c="dimmed">
            The first key of a new installation is in <code className="mono">credentials.json</code> of its data
            directory.
          </Text>
        </Stack>
      </form>
    </main>
  )
}
