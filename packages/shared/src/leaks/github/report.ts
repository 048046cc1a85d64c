import { z } from 'zod'

/**
 * What GitHub's secret scanning sends to its partners
 * (docs.github.com/code-security/secret-scanning/secret-scanning-partnership-program). Fields that it adds are let be, and
 * no token or address is too long: one that is strange must not keep the others out.
 */
export const githubReportSchema = z
  .array(
    z.object({
      token: z.string().max(100_000),
      type: z.string().max(1_000),
      url: z.string().max(100_000).nullish(),
      source: z.string().max(1_000).nullish(),
    }),
  )
  .max(500)
  .meta({ id: 'GithubLeakReport' })
export type GithubReport = z.output<typeof githubReportSchema>

export const githubAnswerSchema = z
  .array(
    z.object({
      token_raw: z.string(),
      token_type: z.string(),
      label: z.enum(['true_positive', 'false_positive']),
    }),
  )
  .meta({ id: 'GithubLeakAnswer' })
