import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** A whole number from `least` to `most`, both included. */
  integer(least: number, most: number): number
  /** True in this share (0 to 1) of the cases. */
  chance(share: number): boolean
  /** One of the items. @throws RangeError where there are none */
  pick<T>(items: readonly T[]): T
  /** The items in another order. */
  shuffle<T>(items: readonly T[]): T[]
}

/** Makes a generator from a seed, which may be any whole number. */
export function createRandom(seed: number): Random {
  const source = xoroshiro128plus(seed)
  const integer = (least: number, most: number) => uniformInt(source, least, most)
  const random: Random = {
    integer,
    chance: (share) => uniformFloat64(source) < share,
    pick(items) {
      const index = integer(0, items.length - 1)
      for (const item of items.slice(index, index + 1)) return item
      throw new RangeError('nothing to pick from')
    },
    shuffle(items) {
      return items
        .map((item) => ({ item, rank: uniformFloat64(source) }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ item }) => item)
    },
  }
  return random
}
