import { z } from '@hono/zod-openapi'

/** A page of a list (DESIGN.md section 6). */
export const pageSchema = <Item extends z.ZodType>(item: Item) =>
  z.object({
    data: z.array(item),
    pagination: z.object({
      cursor: z.string().nullable().meta({ description: 'Pass it as `cursor` for the next page' }),
      hasMore: z.boolean(),
    }),
  })

/** The content of a JSON answer or body, with an example. */
export const json = <Schema extends z.ZodType>(schema: Schema, example: z.input<Schema>) => ({
  'application/json': { schema, example },
})
