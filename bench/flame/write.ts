import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { drawFlame } from './draw.ts'
import { createLocator } from './locate.ts'
import { mergeProfiles } from './merge.ts'
import { profileSchema } from './profile.ts'

/**
 * Writes a flame graph of each program of which a folder holds profiles, all its processes together.
 * @param from has a folder for each program, with what Node wrote
 * @param fileOf where the graph of a program goes
 * @returns the programs
 */
export async function writeFlames(
  { from, root, part }: { from: string; root: string; part: string },
  fileOf: (program: string) => string,
): Promise<string[]> {
  const locate = createLocator(root)
  const programs = await readdir(from)
  for (const program of programs) {
    const names = (await readdir(join(from, program))).filter((name) => name.endsWith('.cpuprofile'))
    const texts = await Promise.all(names.map((name) => readFile(join(from, program, name), 'utf8')))
    const merged = mergeProfiles(
      texts.map((text) => profileSchema.parse(JSON.parse(text))),
      locate,
    )
    await writeFile(fileOf(program), drawFlame(merged, `${program} while measured as ${part}`))
  }
  return programs
}
