/** Work that was begun here, the newest first: each is a job, whose outcome shows as it comes. */
export interface Work {
  jobId: string
  title: string
}
