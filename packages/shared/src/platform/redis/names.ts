/**
 * Every name in Redis, in one place. What belongs to one partition carries the hash tag `{p}`, so that on Redis Cluster
 * it lies in one slot and one script can touch all of it.
 * @param prefix `momentry`, or another where several installations (or tests) share one Redis
 */
export function createNames(prefix: string) {
  return {
    alertChannel: `${prefix}:anomaly:alerts`,
    /** Where whoever asks for a rotation wakes the workers. */
    rotationChannel: `${prefix}:rotations:queued`,
    changeChannel: `${prefix}:keys:changed`,
    lockoutPrefix: `${prefix}:lockout`,
    /** Sorted set of locked addresses, by when they are free again (ms). */
    lockedAddresses: `${prefix}:locked`,
    /** Where processes tell each other of locks and of their clearing. */
    lockoutChannel: `${prefix}:lockout:changed`,
    /** Different secrets that failed from an address. */
    stuffing: (address: string) => `${prefix}:stuffing:${address}`,
    /** What a key has used of its limits; all of one key's in one slot. */
    keyLimit: (keyId: string, name: string) => `${prefix}:limit:{${keyId}}:${name}`,
    /** Which processes live: a hash of what each last said of itself (`platform/process/heartbeat`). */
    processes: `${prefix}:processes`,
    partitionCount: `${prefix}:partitions`,
    queuePrefix: `{${prefix}}:queues`,
    usageStream: (p: number) => `${prefix}:usage:{${p}}`,
    usageDead: (p: number) => `${prefix}:usage-dead:{${p}}`,
    usageMarker: (p: number, requestId: string) => `${prefix}:usage-seen:{${p}}:${requestId}`,
    /** How many events were accepted, folded and carried to Postgres (`doctor/balance`). */
    usageBooks: (p: number) => `${prefix}:usage-books:{${p}}`,
    usageReport: `${prefix}:usage-report`,
    usageWorkers: `${prefix}:usage-workers`,
    usageLease: (p: number) => `${prefix}:usage-lease:{${p}}`,
    revision: (p: number) => `${prefix}:revision:{${p}}`,
    window: (p: number, keyId: string) => `${prefix}:window:{${p}}:${keyId}`,
    /** Sorted set of keys that are to be judged again at a time (score: ms), though nothing new may arrive. */
    due: (p: number) => `${prefix}:due:{${p}}`,
    rollUp: (p: number) => `${prefix}:roll-up:{${p}}`,
    rollUpFlush: (p: number) => `${prefix}:roll-up-flush:{${p}}`,
    anomalyStream: (p: number) => `${prefix}:anomalies:{${p}}`,
    anomalyDead: (p: number) => `${prefix}:anomalies-dead:{${p}}`,
  }
}

export type Names = ReturnType<typeof createNames>
