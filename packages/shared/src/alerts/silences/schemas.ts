import { z } from 'zod'
import { line } from '../../keys/fields/line.ts'
import { idSchema } from '../../platform/id.ts'
import { alertTypes } from '../alert.ts'

const time = z.iso.datetime()
const moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text))

const daySeconds = 86_400
const maxDays = 366
export const maxSilenceMs = maxDays * daySeconds * 1000

const forSeconds = z
  .int()
  .min(60)
  .max(maxDays * daySeconds)
const reason = line(500).meta({ description: 'Why, for the others', example: 'load test until Friday' })

/** What is to be silenced, and until when. */
export const createSilenceSchema = z
  .strictObject({
    keyId: idSchema.optional(),
    rule: line(100).optional().meta({ description: 'Of anomalies', example: 'high_request_rate' }),
    owner: line(200).optional().meta({ description: 'Of the key, or of the credential elsewhere' }),
    type: z.enum(alertTypes).optional(),
    reason: reason.optional(),
    startsAt: moment.optional().meta({ description: 'Now, unless told otherwise' }),
    endsAt: moment.optional(),
    forSeconds: forSeconds.optional().meta({ description: 'From its start on, in place of `endsAt`', example: 3600 }),
  })
  .refine(({ endsAt, forSeconds: length }) => (endsAt === undefined) !== (length === undefined), {
    message: 'either endsAt or forSeconds is needed',
    path: ['endsAt'],
  })
  .refine(({ keyId, rule, owner, type }) => [keyId, rule, owner, type].some((match) => match !== undefined), {
    message: 'at least one of keyId, rule, owner and type is needed',
    path: ['keyId'],
  })
  .meta({ id: 'CreateAlertSilence' })
export type CreateSilenceInput = z.output<typeof createSilenceSchema>

export const muteAnomalySchema = z
  .strictObject({
    forSeconds: forSeconds.meta({ description: 'From now on; it takes the place of an earlier mute', example: 3600 }),
    reason: reason.optional(),
  })
  .meta({ id: 'MuteAnomaly' })
export type MuteAnomalyInput = z.output<typeof muteAnomalySchema>

export const silenceStates = ['scheduled', 'active', 'ended'] as const

/** Filters of a list, from a query string. */
export const listSilencesSchema = z.strictObject({
  state: z.enum(silenceStates).optional(),
  keyId: idSchema.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: idSchema.optional().meta({ description: '`pagination.cursor` of the page before' }),
})
export type ListSilencesInput = z.output<typeof listSilencesSchema>

/** A silence as the API gives it. What is null matches all. */
export const silenceSchema = z
  .object({
    id: z.uuid(),
    state: z.enum(silenceStates),
    keyId: z.uuid().nullable(),
    rule: z.string().nullable(),
    owner: z.string().nullable(),
    type: z.string().nullable(),
    anomalyId: z.uuid().nullable().meta({ description: 'The anomaly that was muted, where it came of that' }),
    reason: z.string().nullable(),
    startsAt: time,
    endsAt: time,
    createdAt: time,
    createdBy: z.uuid().nullable(),
  })
  .meta({ id: 'AlertSilence' })
export type SilenceView = z.infer<typeof silenceSchema>
