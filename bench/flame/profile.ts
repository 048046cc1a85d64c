import { z } from 'zod'

const callFrameSchema = z.object({
  functionName: z.string(),
  url: z.string(),
  /** Both from 0; -1 where there is none. */
  lineNumber: z.int(),
  columnNumber: z.int(),
})

/** What Node writes with `--cpu-prof`. */
export const profileSchema = z.object({
  nodes: z.array(z.object({ id: z.int(), callFrame: callFrameSchema, children: z.array(z.int()).default([]) })).min(1),
  /** The node that was on top at each sample. */
  samples: z.array(z.int()),
  /** Microseconds before each sample. */
  timeDeltas: z.array(z.int()),
})

export type CallFrame = z.infer<typeof callFrameSchema>
export type Profile = z.infer<typeof profileSchema>
