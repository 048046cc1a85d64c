import { z } from 'zod'
import { type ApiClient, path } from '../../api/client.ts'
import { eachItem } from '../../api/pages.ts'
import { type Sink, sinkSchema } from '../../api/shapes/alert-sink.ts'
import { exitCodes } from '../../exit-codes.ts'
import { CliFailure } from '../../failure.ts'

export const sinksPath = '/v1/alert-sinks'

/** Finds a sink by its id, or by its name, of which capitals do not count. @throws CliFailure */
export async function findSink(api: ApiClient, text: string): Promise<Sink> {
  if (z.uuid().safeParse(text).success)
    return await api.call(sinkSchema, { method: 'GET', path: path`/v1/alert-sinks/${text}` })
  for await (const sink of eachItem(api, sinkSchema, { path: sinksPath })) {
    if (sink.name.toLowerCase() === text.toLowerCase()) return sink
  }
  throw new CliFailure(exitCodes.notFound, `there is no alert sink called ${text}`)
}
