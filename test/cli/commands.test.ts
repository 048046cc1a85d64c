import { expect, it } from 'vitest'
import { commandGroups } from '../../apps/cli/src/commands/groups.ts'
import { createProgram } from '../../apps/cli/src/program.ts'

const names = commandGroups.map(({ name }) => name)
const programFor = (...args: string[]) => createProgram(args, process, new AbortController().signal)
/** How many commands of each group are there. */
const countCommands = async (...args: string[]) => {
  const { commands } = await programFor(...args)
  return new Map(commands.map((command) => [command.name(), command.commands.length]))
}

it.each(names)('loads the commands of %s where it is named, and no others', async (name) => {
  const counts = await countCommands('--data-dir', '/nowhere', name, 'list')
  expect(names.filter((each) => (counts.get(each) ?? 0) > 0)).toEqual([name])
})

it('shows all groups, and single commands with their options, where none is named', async () => {
  const counts = await countCommands('--help')
  expect([...counts.keys()]).toEqual([...names, 'demo', 'migrate', 'doctor'])
  const help = (await programFor('--help')).helpInformation()
  for (const { name } of commandGroups) expect(help).toContain(`\n  ${name} `)
  expect(help).toContain('\n  doctor [options]')
})
