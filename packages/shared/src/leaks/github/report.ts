import { z } from 'zod'

/**
 * What GitHub's secret scanning sends to its partners
 * (docs.github.com/code-security/secret-scanning/secret-scanning-partnership-program). Fields that it adds are let be.
 */
export const githubReportSchema = z
  .array(
    z.object({
      token: z.string().min(1).max(500),
      type: z.string().min(1).max(200),
      url: z.string().max(2000).nullish(),
      source: z.string().max(200).nullish(),
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
