import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { Router } from 'wouter'
import { queryClient } from '../api/query.ts'
import { Boundary } from './boundary.tsx'
import { Gate } from './sign-in/gate.tsx'
import { theme, variables } from './theme.ts'

const schemes = localStorageColorSchemeManager()

/** The console: everything that pages stand on, around the page itself. */
export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      colorSchemeManager={schemes}
    >
      <Notifications position="bottom-right" limit={4} containerWidth={380} />
      <QueryClientProvider client={queryClient}>
        <Router base="/console">
          <Boundary>
            <Gate />
          </Boundary>
        </Router>
      </QueryClientProvider>
    </MantineProvider>
  )
}
