import { expect, test } from 'vitest'
import { type Frame, mergeProfiles } from './merge.ts'
import type { CallFrame, Profile } from './profile.ts'

const call = (functionName: string, url = ''): CallFrame => ({ functionName, url, lineNumber: 0, columnNumber: 0 })
const locate = ({ functionName, url }: CallFrame) => ({ name: functionName, file: url, kind: 'ours' as const })

/** (root) → serve → hash, and idle beside it. */
const profile = (samples: number[], timeDeltas: number[]): Profile => ({
  nodes: [
    { id: 1, callFrame: call('(root)'), children: [2, 4] },
    { id: 2, callFrame: call('serve', 'a.ts'), children: [3] },
    { id: 3, callFrame: call('hash', 'b.ts'), children: [] },
    { id: 4, callFrame: call('(idle)'), children: [] },
  ],
  samples,
  timeDeltas,
})

/** @example `all 5 (serve 5 (hash 3))` */
function show({ name, micros, children }: Frame): string {
  const below = [...children.values()].map(show).join(' ')
  return `${name} ${micros}${below === '' ? '' : ` (${below})`}`
}

test('a frame has its own time and that of what it called; idling counts nowhere', () => {
  expect(show(mergeProfiles([profile([2, 3, 3, 4], [2, 1, 2, 100])], locate))).toBe('all 5 (serve 5 (hash 3))')
})

test('the same call in several profiles is one frame', () => {
  const merged = mergeProfiles([profile([2], [2]), profile([3, 4], [4, 50])], locate)
  expect(show(merged)).toBe('all 6 (serve 6 (hash 4))')
})

test('calls that look the same within one profile are one frame, and others of the same name are not', () => {
  const twice: Profile = {
    nodes: [
      { id: 1, callFrame: call('(root)'), children: [2, 3, 4] },
      { id: 2, callFrame: call('run', 'a.ts'), children: [] },
      { id: 3, callFrame: call('run', 'a.ts'), children: [] },
      { id: 4, callFrame: call('run', 'b.ts'), children: [] },
    ],
    samples: [2, 3, 4],
    timeDeltas: [1, 2, 4],
  }
  expect(show(mergeProfiles([twice], locate))).toBe('all 7 (run 3 run 4)')
})

test('a clock that steps back takes nothing away', () => {
  expect(show(mergeProfiles([profile([2, 3], [3, -5])], locate))).toBe('all 3 (serve 3 (hash 0))')
})
