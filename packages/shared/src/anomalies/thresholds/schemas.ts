import { z } from 'zod'
import { anomalyPolicySchema } from '../../keys/fields/policy.ts'

const bounds = anomalyPolicySchema.shape
/** Thresholds that one may give by name; their bounds are those of a key's own. */
const names = anomalyPolicySchema.keyof()
export type ThresholdName = z.infer<typeof names>
export const thresholdNames: readonly ThresholdName[] = names.options

/** All thresholds of the rules of detection. */
export const thresholdsSchema = anomalyPolicySchema.required().meta({ id: 'AnomalyThresholds' })

/** Thresholds to set: a name that is absent stays as it is, null takes it back to the environment. */
export const setThresholdsSchema = z
  .strictObject({
    thresholds: z
      .strictObject({
        requestsPerMinute: bounds.requestsPerMinute.nullable(),
        errorRate: bounds.errorRate.nullable(),
        errorMinRequests: bounds.errorMinRequests.nullable(),
        ipsPerHour: bounds.ipsPerHour.nullable(),
        timeMaxShare: bounds.timeMaxShare.nullable(),
        timeMinDays: bounds.timeMinDays.nullable(),
        timeMinHistory: bounds.timeMinHistory.nullable(),
        timeMinRequests: bounds.timeMinRequests.nullable(),
      })
      .refine((given) => Object.values(given).some((value) => value !== undefined), 'must set something')
      .meta({ description: 'Those to set; null takes one back to the environment, an absent one stays as it is' }),
  })
  .meta({ id: 'SetThresholds' })
export type SetThresholdsInput = z.output<typeof setThresholdsSchema>

/** What is set while everything runs, and what is in force by it. */
export const settingsViewSchema = z
  .object({
    anomaly: z.object({
      thresholds: thresholdsSchema.meta({ description: 'In force, but for keys whose policy has some of its own' }),
      defaults: thresholdsSchema.meta({ description: 'What the environment of this process says' }),
      overridden: z.array(names).meta({ description: 'Those that are set here, over the environment' }),
      updatedAt: z.iso.datetime().nullable().meta({ description: 'null: never set, or taken back' }),
      updatedBy: z.uuid().nullable().meta({ description: 'The key that set them' }),
    }),
  })
  .meta({ id: 'Settings' })
export type SettingsView = z.infer<typeof settingsViewSchema>
