/**
 * Notes in the audit log what was done to backups without a server, as the worker does for what the api was asked.
 * @param masterKeys sign the log
 */
export async function noteInAudit(
  { databaseUrl, masterKeys }: { databaseUrl: string; masterKeys: readonly [string, ...string[]] },
  entry: { action: 'backup.created' | 'backup.restored'; after: Record<string, unknown> },
): Promise<void> {
  // Loaded here only: every other command starts without the database's driver.
  const [{ createPostgres }, { createLogger }, sign, { appendAudit }, { systemActor, withTransaction }] =
    await Promise.all([
      import('@momentry/shared/platform/postgres/client.ts'),
      import('@momentry/shared/platform/process/log.ts'),
      import('@momentry/shared/platform/sign.ts'),
      import('@momentry/shared/audit/append.ts'),
      import('@momentry/shared/platform/context.ts'),
    ])
  const log = createLogger({ name: 'cli', level: 'silent' })
  const postgres = createPostgres({ url: databaseUrl, poolSize: 1, applicationName: 'momentry-cli', log })
  const context = {
    db: postgres.db,
    actor: systemActor,
    requestId: 'momentry backup',
    now: Date.now,
    // No key is changed by this.
    publishChanges: async () => {},
    signer: sign.createSigner(masterKeys, sign.auditPurpose),
  }
  try {
    await withTransaction(context, (tx) => appendAudit(tx, entry))
  } finally {
    await postgres.close()
  }
}
