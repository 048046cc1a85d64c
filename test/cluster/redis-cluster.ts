import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@momentry/embedded/host/free-port.ts'
import { Redis } from 'ioredis'
import { expect } from 'vitest'
import { untilHolds } from '../support/until-holds.ts'

export interface ClusterNode {
  port: number
  id: string
  client: Redis
  process: ChildProcess
}

/** A real cluster: three masters that share the slots, with a replica each. */
export interface RedisCluster {
  /** As `REDIS_URL` has it. */
  url: string
  /** Which node is the master of a name's slot at present. */
  masterOf(name: string): Promise<ClusterNode>
  /**
   * Moves the slot of a name, with all that is in it, to another master, while it is in use.
   * @param halfWay is done while the slot is on its way and none of its keys has moved
   */
  moveSlot(name: string, halfWay?: () => Promise<void>): Promise<void>
  /** Waits until the replica of a master has all of its writes, ends that master, and waits until the replica took over. */
  killMaster(node: ClusterNode): Promise<void>
  close(): Promise<void>
}

const masters = 3
const slots = 16_384
/** So long a node is silent before the others take it for dead. */
const nodeTimeoutMs = 1_500

export async function startRedisCluster(program: string): Promise<RedisCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'momentry-cluster-'))
  const nodes = await Promise.all(
    Array.from({ length: 2 * masters }, (_, n) => startNode(program, join(folder, String(n)))),
  )
  await form(nodes)
  const living = () => nodes.filter(({ process }) => process.exitCode === null && process.signalCode === null)
  const url = nodes.map(({ port }) => `redis://127.0.0.1:${port}`).join(',')

  const slotOf = async (name: string) => Number(await living()[0]?.client.call('CLUSTER', 'KEYSLOT', name))
  const masterOf = async (name: string): Promise<ClusterNode> => {
    const asked = living()[0]
    const slot = await slotOf(name)
    const ranges = slotsSchema(await asked?.client.call('CLUSTER', 'SLOTS'))
    const range = ranges.find(({ from, to }) => from <= slot && slot <= to)
    const node = nodes.find(({ id }) => id === range?.id)
    if (!node) throw new Error(`nobody has slot ${slot}`)
    return node
  }

  return {
    url,
    masterOf,
    async moveSlot(name, halfWay) {
      const slot = await slotOf(name)
      const source = await masterOf(name)
      const ids = new Set(slotsSchema(await source.client.call('CLUSTER', 'SLOTS')).map(({ id }) => id))
      const target = living().find(({ id }) => id !== source.id && ids.has(id))
      if (!target) throw new Error('there is no other master')
      await target.client.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', source.id)
      await source.client.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', target.id)
      await halfWay?.()
      for (;;) {
        const keys = namesSchema(await source.client.call('CLUSTER', 'GETKEYSINSLOT', slot, 10))
        if (keys.length === 0) break
        await source.client.call('MIGRATE', '127.0.0.1', target.port, '', 0, 5_000, 'KEYS', ...keys)
      }
      for (const { client } of [target, source]) await client.call('CLUSTER', 'SETSLOT', slot, 'NODE', target.id)
      await untilHolds(async () => expect((await masterOf(name)).id).toBe(target.id))
    },
    async killMaster(node) {
      await untilHolds(async () => expect(await node.client.wait(1, 1_000)).toBe(1))
      const lost = slotsSchema(await node.client.call('CLUSTER', 'SLOTS')).filter(({ id }) => id === node.id)
      node.process.kill('SIGKILL')
      node.client.disconnect()
      const isTaken = async () => {
        const ranges = slotsSchema(await living()[0]?.client.call('CLUSTER', 'SLOTS'))
        return lost.every(({ from }) =>
          ranges.some((range) => range.from <= from && from <= range.to && range.id !== node.id),
        )
      }
      await untilHolds(async () => expect(await isTaken()).toBe(true))
      await allOk(living())
    },
    async close() {
      for (const { client, process } of nodes) {
        client.disconnect()
        process.kill('SIGKILL')
      }
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function startNode(program: string, folder: string): Promise<ClusterNode> {
  await mkdir(folder)
  const port = await freePort()
  const settings = [
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'yes'],
    ...[
      '--cluster-enabled',
      'yes',
      '--cluster-config-file',
      'nodes.conf',
      '--cluster-node-timeout',
      String(nodeTimeoutMs),
    ],
    ...['--cluster-port', String(await freePort()), '--repl-diskless-sync-delay', '0'],
  ]
  const child = spawn(program, settings, { stdio: 'ignore' })
  const client = new Redis(port, '127.0.0.1', { retryStrategy: () => 50, maxRetriesPerRequest: null })
  client.on('error', () => undefined)
  return { port, id: String(await client.call('CLUSTER', 'MYID')), client, process: child }
}

/** Introduces the nodes to each other, spreads the slots over the first ones, and makes the others their replicas. */
async function form(nodes: readonly ClusterNode[]): Promise<void> {
  const [first] = nodes
  const share = Math.ceil(slots / masters)
  for (const [n, { client, port }] of nodes.entries()) {
    if (n < masters) await client.call('CLUSTER', 'ADDSLOTSRANGE', n * share, Math.min(slots, (n + 1) * share) - 1)
    if (n > 0) {
      const busPort = String(await client.config('GET', 'cluster-port')).split(',')[1] ?? ''
      await first?.client.call('CLUSTER', 'MEET', '127.0.0.1', port, busPort)
    }
  }
  await untilHolds(async () => {
    for (const { client } of nodes)
      expect(await client.cluster('INFO')).toContain(`cluster_known_nodes:${nodes.length}`)
  })
  for (const [n, { client }] of nodes.entries()) {
    const master = nodes[n - masters]
    if (n >= masters && master) await client.call('CLUSTER', 'REPLICATE', master.id)
  }
  await allOk(nodes)
  for (const { client } of nodes.slice(0, masters))
    await untilHolds(async () => expect(await client.info('replication')).toContain('state=online'))
}

async function allOk(nodes: readonly ClusterNode[]): Promise<void> {
  for (const { client } of nodes)
    await untilHolds(async () => expect(await client.cluster('INFO')).toContain('cluster_state:ok'))
}

/** `CLUSTER SLOTS`: ranges with their masters. */
function slotsSchema(reply: unknown): { from: number; to: number; id: string }[] {
  if (!Array.isArray(reply)) throw new Error('no slots were told')
  return reply.map(([from, to, [, , id]]) => ({ from: Number(from), to: Number(to), id: String(id) }))
}

function namesSchema(reply: unknown): string[] {
  return Array.isArray(reply) ? reply.map(String) : []
}
