import { setTimeout as pause } from 'node:timers/promises'
import type { TestServer } from '../../../support/servers/test-server.ts'
import type { ProxyMode } from '../../../support/tcp-proxy.ts'
import type { Fleet } from '../system/fleet.ts'
import type { Slot, StoreName } from '../system/slot.ts'
import type { FaultStores } from '../system/stores.ts'
import type { Fault } from './plan.ts'

/** What faults are done to. */
export interface Victims {
  fleet: Fleet
  stores: FaultStores
  /** Is told of what should not have happened. */
  surprise(what: string): void
}

interface Act {
  begin(): void | Promise<void>
  end(): void | Promise<void>
}

/** Lets something go wrong for as long as it says, and makes it good again. */
export async function applyFault(victims: Victims, fault: Fault): Promise<void> {
  const { begin, end } = actOf(victims, fault)
  await begin()
  await pause(fault.ms)
  await end()
}

/** Says in a few words what goes wrong. */
export function tellFault({ slots }: Fleet, fault: Fault): string {
  const who = 'slot' in fault ? (slots[fault.slot]?.name ?? '') : ''
  const where = 'store' in fault ? fault.store : ''
  const details = Object.entries(fault).filter(([name]) => !['kind', 'slot', 'store', 'ms'].includes(name))
  const parts = [fault.kind, who, where, ...details.map(([name, value]) => `${name}=${value}`), `${fault.ms} ms`]
  return parts.filter(Boolean).join(' ')
}

function actOf({ fleet, stores, surprise }: Victims, fault: Fault): Act {
  if (!('slot' in fault)) return hurtStores(stores, fault)
  const slot = fleet.slots[fault.slot]
  if (!slot) throw new RangeError(`there is no slot ${fault.slot}`)
  if ('store' in fault) return hurtWay(slot, fault.store, fault)
  switch (fault.kind) {
    case 'kill':
      return { begin: () => slot.kill(), end: () => slot.start() }
    case 'drain':
      return { begin: () => drain(slot, surprise), end: () => slot.start() }
    case 'freeze':
      return { begin: () => slot.freeze(), end: () => slot.thaw() }
    case 'clock':
      return { begin: () => slot.shiftClock(fault.shiftMs), end: () => slot.shiftClock(0) }
  }
}

function hurtStores(stores: FaultStores, fault: Exclude<Fault, { slot: number }>): Act {
  if (fault.kind === 'fill-disk') return fillDisk(stores)
  if (!('store' in fault))
    return { begin: () => stores.configure('maxmemory', '1'), end: () => stores.configure('maxmemory', '0') }
  const server = serverOf(stores, fault.store)
  return { begin: () => (fault.kind === 'kill-store' ? server.kill() : server.stop()), end: () => server.start() }
}

function serverOf({ redis, postgres }: FaultStores, store: StoreName): TestServer {
  const server = store === 'redis' ? redis : postgres
  if (!server) throw new RangeError(`${store} is not to be stopped`)
  return server
}

async function drain(slot: Slot, surprise: Victims['surprise']): Promise<void> {
  const code = await slot.stop()
  if (code !== 0) surprise(`${slot.name} drained with exit code ${code}`)
}

type WayFault = Extract<Fault, { slot: number; store: StoreName }>

function hurtWay(slot: Slot, store: StoreName, fault: WayFault): Act {
  const way = slot.ways[store]
  return {
    begin() {
      way.set(modeOf(fault))
      if (fault.kind === 'cut' || fault.kind === 'refuse') way.cut()
    },
    end() {
      // Answers that were held back for long come to nothing more often than late.
      if (fault.kind === 'deaf') way.cut()
      way.set({ kind: 'open' })
    },
  }
}

function modeOf(fault: WayFault): ProxyMode {
  switch (fault.kind) {
    case 'cut':
      return { kind: 'open' }
    case 'delay':
      return { kind: 'delay', ms: fault.delayMs }
    case 'slow':
      return { kind: 'slow', bytesPerSecond: fault.bytesPerSecond }
    case 'refuse':
      return { kind: 'refuse' }
    case 'frozen':
      return { kind: 'frozen' }
    case 'deaf':
      return { kind: 'deaf' }
  }
}

/** Both servers write to the same file system; Postgres may end itself where it cannot write its log, and is started again. */
function fillDisk({ disk, revive, configure, rewrite }: FaultStores): Act {
  return {
    async begin() {
      await configure('appendfsync', 'everysec')
      await disk?.fill()
    },
    async end() {
      await disk?.free()
      await revive()
      await rewrite()
      await configure('appendfsync', 'always')
    },
  }
}
