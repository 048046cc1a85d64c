import type { CallFrame, Profile } from './profile.ts'

/** Whose code it is. `native`: V8, the system and the collection of garbage. */
export type Kind = 'ours' | 'dependency' | 'node' | 'native'

export interface Place {
  name: string
  /** Where it is, for people; empty where it is in no file. */
  file: string
  kind: Kind
}

export interface Frame extends Place {
  /** With all that it called, microseconds. */
  micros: number
  children: Map<string, Frame>
}

/**
 * Puts the stacks of profiles together: what was called in the same way is one frame. Time in which there was nothing to do
 * is left out.
 * @param locate tells what a call of a profile is
 */
export function mergeProfiles(profiles: readonly Profile[], locate: (call: CallFrame) => Place): Frame {
  const root: Frame = { name: 'all', file: '', kind: 'native', micros: 0, children: new Map() }
  for (const profile of profiles) addProfile(root, profile, locate)
  return root
}

function addProfile(root: Frame, { nodes, samples, timeDeltas }: Profile, locate: (call: CallFrame) => Place): void {
  const nodeOf = new Map(nodes.map((node) => [node.id, node]))
  const ownMicros = new Map<number, number>()
  for (const [n, id] of samples.entries()) ownMicros.set(id, (ownMicros.get(id) ?? 0) + Math.max(0, timeDeltas[n] ?? 0))

  /** Adds a node below a frame. @returns what it took */
  const add = (parent: Frame, id: number): number => {
    const node = nodeOf.get(id)
    if (node === undefined || node.callFrame.functionName === '(idle)') return 0
    const frame = node.callFrame.functionName === '(root)' ? parent : childOf(parent, locate(node.callFrame))
    let micros = ownMicros.get(id) ?? 0
    for (const child of node.children) micros += add(frame, child)
    if (frame !== parent) frame.micros += micros
    return micros
  }
  root.micros += add(root, nodes[0]?.id ?? 0)
}

function childOf(parent: Frame, place: Place): Frame {
  const key = `${place.name} ${place.file}`
  const known = parent.children.get(key)
  if (known) return known
  const made: Frame = { ...place, micros: 0, children: new Map() }
  parent.children.set(key, made)
  return made
}
