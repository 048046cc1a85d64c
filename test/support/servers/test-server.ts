/** A real server that tests use, in a container or embedded. */
export interface TestServer {
  /** The same over stop and start. */
  url: string
  /** Ends it in an orderly way; its data stay. */
  stop(): Promise<void>
  /** Ends it at once, as a crash would; its data stay. */
  kill(): Promise<void>
  /** Starts it again after stop or kill. */
  start(): Promise<void>
  /** Ends it for good and removes its data. */
  close(): Promise<void>
}

export interface ServerStarters {
  startPostgres(): Promise<TestServer>
  startRedis(): Promise<TestServer>
}
