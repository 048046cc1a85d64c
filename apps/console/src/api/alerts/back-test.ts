import { useMutation } from '@tanstack/react-query'
import { useRef } from 'react'
import { api, take } from '../client.ts'
import type { components } from '../schema.d.ts'

export type BackTest = components['schemas']['BackTest']
export type BackTestResult = components['schemas']['BackTestResult']

/** Runs detection over what is stored. Another run, and `cancel`, end the one before, at the server too. */
export function useBackTest() {
  const abort = useRef<AbortController>(undefined)
  const run = useMutation({
    mutationFn: (body: Partial<BackTest> & Pick<BackTest, 'from' | 'to'>) => {
      abort.current?.abort()
      abort.current = new AbortController()
      return take(
        api.POST('/v1/anomalies/back-test', { body: { thresholds: {}, ...body }, signal: abort.current.signal }),
      )
    },
  })
  const cancel = () => {
    abort.current?.abort()
    run.reset()
  }
  return { ...run, cancel }
}
