import { readConfig } from '@momentry/shared/config.ts'
import type { DoctorDeps } from '@momentry/shared/doctor/deps.ts'
import { findMasterKeys } from '../connect/find-master-keys.ts'
import { findDatabase, findRedis } from '../connect/find-stores.ts'
import type { Session } from '../session.ts'

/** A statement of the doctor's own may read a few months of usage. */
const statementTimeoutMs = 60_000
/** Without a limit on how much is read. */
const deepTimeoutMs = 3_600_000

/** Opens the stores for looking at them, does that, and closes them. @throws CliFailure where it is not known which stores */
export async function withStores<T>(
  { host, config, dataDir }: Session,
  { deep }: { deep: boolean },
  work: (deps: DoctorDeps) => Promise<T>,
): Promise<T> {
  const [databaseUrl, redisUrl] = [await findDatabase(config, dataDir), await findRedis(config, dataDir)]
  // Loaded here only: every other command starts without the stores' drivers.
  const [{ createPostgres }, client, { readAuthorities }, { createNames }, { createLogger }] = await Promise.all([
    import('@momentry/shared/platform/postgres/client.ts'),
    import('@momentry/shared/platform/redis/client.ts'),
    import('@momentry/shared/platform/redis/access.ts'),
    import('@momentry/shared/platform/redis/names.ts'),
    import('@momentry/shared/platform/process/log.ts'),
  ])
  const log = createLogger({ name: 'cli', level: 'silent' })
  const timeoutMs = deep ? deepTimeoutMs : statementTimeoutMs
  const name = 'momentry-doctor'
  const postgres = createPostgres({
    url: databaseUrl,
    poolSize: 2,
    statementTimeoutMs: timeoutMs,
    applicationName: name,
    log,
  })
  const { sentinelName, caFile } = config.redisAccess
  const access = { sentinelName, ca: readAuthorities(caFile) }
  const createRedis = client.createRedisFactory({ url: redisUrl, access, name, log })
  const redis = createRedis('command')
  let trouble: Error | undefined
  redis.on('error', (error: Error) => {
    trouble = error
  })
  try {
    await client.whenReady(redis)
    return await work({
      // The command line may name another data directory than the environment.
      config: readConfig({ ...host.env, MOMENTRY_DATA_DIR: dataDir }),
      postgres,
      statementTimeoutMs: timeoutMs,
      redis,
      createRedis,
      redisTrouble: () => trouble,
      names: createNames(config.redisPrefix),
      masterKeys: await findMasterKeys(config, dataDir).then(
        ({ keys }) => keys,
        () => undefined,
      ),
      now: Date.now,
      deep,
    })
  } finally {
    await Promise.all([client.closeRedis(redis), postgres.close()])
  }
}
