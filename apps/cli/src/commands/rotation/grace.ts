import type { Command } from 'commander'
import { z } from 'zod'
import { path } from '../../api/client.ts'
import { rotationSchema } from '../../api/shapes/rotation.ts'
import { exitCodes } from '../../exit-codes.ts'
import { CliFailure, usageFailure } from '../../failure.ts'
import { parseId } from '../../input/arguments.ts'
import { parseDuration } from '../../input/time.ts'
import { printable } from '../../output/printable.ts'
import { getRotation } from '../../rotation/follow.ts'
import type { OpenSession } from '../../session.ts'
import { examples } from '../examples.ts'
import { graceOf } from './progress-of.ts'

const optionsSchema = z.object({ end: z.boolean().default(false), yes: z.boolean().default(false) })

/** Adds `rotation grace`: how long the old secret still works. */
export function addGrace(group: Command, open: OpenSession): void {
  group
    .command('grace')
    .description('Set how long the old secret still works, counted from the rotation; or end it now.')
    .argument('<id>', "the rotation's id", parseId)
    .argument('[duration]', 'the whole grace: 90s, 30m, 2h; the type of the key sets the limit', parseDuration)
    .option('--end', 'the old secret stops now')
    .option(
      '-y, --yes',
      'do not ask (it is only asked on a terminal, where the new secret has not been claimed or used)',
    )
    .addHelpText(
      'after',
      examples([
        'momentry rotation grace 01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a 12h',
        'momentry rotation grace 01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a --end',
      ]),
    )
    .action(async (id: string, duration: number | undefined, options: unknown, command: Command) => {
      const { end, yes } = optionsSchema.parse(options)
      if (end === (duration !== undefined)) throw usageFailure('give a duration (2h), or --end, and not both')
      const { out, input, connect } = open(command)
      const { api } = await connect()
      if ((end || duration === 0) && !yes && input.canAsk) {
        const { keyName, claimedAt, firstUsedAt } = await getRotation(api, id)
        const question = `Nobody has claimed or used the new secret of "${printable(keyName)}". Stop the old one all the same?`
        if (!claimedAt && !firstUsedAt && !(await input.confirm(question)))
          throw new CliFailure(exitCodes.failed, 'the grace goes on')
      }
      const rotation = await api.call(rotationSchema, {
        method: 'PATCH',
        path: path`/v1/rotations/${id}`,
        body: { graceSeconds: duration ?? 0 },
      })
      if (out.json) out.document(rotation)
      else out.line(`The old secret works ${graceOf(rotation, Date.now()) ?? 'as before'}.`)
    })
}
