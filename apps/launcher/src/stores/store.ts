/** A store that the processes use: one of the user's own, or embedded. */
export interface Store {
  url: string
  /** Undefined where it is the user's own. */
  pid(): number | undefined
  /** Stops it where it is embedded. */
  close(): Promise<void>
}
