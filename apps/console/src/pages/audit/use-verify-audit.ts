import { useEffect, useRef, useState } from 'react'
import { type AuditVerification, verifyAudit } from '../../api/operation/audit.ts'

/** Verifies the log, tells how long that takes, and stops the server too where somebody leaves. */
export function useVerifyAudit() {
  const abort = useRef<AbortController>(undefined)
  const [begunAt, setBegunAt] = useState<number>()
  const [seconds, setSeconds] = useState(0)
  const [result, setResult] = useState<AuditVerification>()
  const [error, setError] = useState<unknown>()

  useEffect(() => () => abort.current?.abort(), [])
  useEffect(() => {
    if (begunAt === undefined) return
    const timer = setInterval(() => setSeconds(Math.round((Date.now() - begunAt) / 1000)), 500)
    return () => clearInterval(timer)
  }, [begunAt])

  const start = (from: string) => {
    const controller = new AbortController()
    abort.current = controller
    const begun = Date.now()
    setBegunAt(begun)
    setSeconds(0)
    setResult(undefined)
    setError(undefined)
    verifyAudit(from, controller.signal)
      .then(setResult, (failure: unknown) => {
        if (!controller.signal.aborted) setError(failure)
      })
      .finally(() => {
        if (abort.current !== controller) return
        setSeconds((Date.now() - begun) / 1000)
        setBegunAt(undefined)
      })
  }
  return { start, stop: () => abort.current?.abort(), running: begunAt !== undefined, seconds, result, error }
}
