import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Search {
  /** Bytes that were searched. */
  bytes: number
  /** Where something was found, without the secret: `api-4711.log, line 12`. */
  finds: string[]
}

/** What looks like one of our secrets or like the private part of one, with whatever checksum. */
const secretLike = /mty_[a-z]+_[0-9A-Za-z]{20,}/

/** Searches all that the processes of a run wrote for secrets: for their shape, and for those that were noted. */
export function searchWritten(folder: string): Search {
  // Where the set-up failed there is none, and that is what people have to hear of.
  const names = existsSync(folder) ? readdirSync(folder) : []
  const noted = names
    .filter((name) => name.endsWith('.list'))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean))
  const search: Search = { bytes: 0, finds: [] }
  for (const name of names.filter((each) => each.endsWith('.log'))) {
    const text = readFileSync(join(folder, name), 'utf8')
    search.bytes += text.length
    // Each master key in turn over a whole file is quick, and over each of its lines is not.
    const present = noted.filter((secret) => text.includes(secret))
    if (present.length === 0 && !secretLike.test(text)) continue
    text.split('\n').forEach((line, at) => {
      if (secretLike.test(line) || present.some((secret) => line.includes(secret)))
        search.finds.push(`${name}, line ${at + 1}`)
    })
  }
  return search
}
