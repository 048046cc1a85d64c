import type { Command } from 'commander'
import { z } from 'zod'
import { sinkWithSecretSchema } from '../../api/shapes/alert-sink.ts'
import { parseDuration } from '../../input/time.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { findSink, sinksPath } from './find.ts'
import { showSink } from './show-sink.ts'

/** Adds `alert-sink rotate-secret`. The new secret is in its result and can never be shown again. */
export function addRotateSecret(group: Command, open: OpenSession): void {
  group
    .command('rotate-secret')
    .description('Give a webhook a new secret, which is shown this once. The old one signs too for a while.')
    .argument('<name|id>', 'the sink')
    .option('--overlap <time>', 'for how long the old one signs too: 24h, 7d; 0s for not at all', parseDuration, 86_400)
    .addHelpText(
      'after',
      examples([
        'momentry alert-sink rotate-secret deploy --overlap 2h',
        'momentry alert-sink rotate-secret deploy --json | jq -r .secret',
      ]),
    )
    .action(async (text: string, given: unknown, command: Command) => {
      const { overlap } = z.object({ overlap: z.number() }).parse(given)
      const { out, connect } = open(command)
      const { api } = await connect()
      const { id } = await findSink(api, text)
      const path = `${sinksPath}/${id}/rotate-secret`
      const rotated = await api.call(sinkWithSecretSchema, { method: 'POST', path, body: { overlapSeconds: overlap } })
      if (out.json) return out.document(rotated)
      const { secret, ...sink } = rotated
      showSink(out, sink, secret)
    })
}
