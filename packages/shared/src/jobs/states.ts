export const jobStates = ['queued', 'running', 'completed', 'failed', 'cancelled'] as const
export type JobState = (typeof jobStates)[number]

/** What became of one step of a job at one attempt. */
export const processorStatuses = ['running', 'completed', 'failed'] as const
export type ProcessorStatus = (typeof processorStatuses)[number]
