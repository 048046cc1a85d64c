/** A row whose job is to be put on a queue. */
export interface DispatchedRow {
  rowId: string
  jobId: string
  /** Goes before those that are not. */
  urgent: boolean
  /** It is worked on also while there is no queue. */
  waits: boolean
  /** What asked for it, where that is traced. */
  traceparent?: string | undefined
}
