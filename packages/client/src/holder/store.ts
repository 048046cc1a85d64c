type MaybePromise<T> = T | Promise<T>

/** Where a holder keeps its secret: a file, a secret manager. */
export interface SecretStore {
  /** Gives the stored secret. */
  load: () => MaybePromise<string>
  /**
   * Stores a new secret in place of the old one. It must be durable once this resolves (a file: write beside it, fsync,
   * rename), since from then on the new secret is used, and Momentry keeps no copy of a secret that is in use.
   */
  save: (secret: string) => MaybePromise<void>
}

/** Gives the stored secret. @throws TypeError where there is none */
export async function loadSecret({ load }: Pick<SecretStore, 'load'>): Promise<string> {
  const secret: unknown = await load()
  if (typeof secret !== 'string' || secret.trim() === '') throw new TypeError('load() gave no secret')
  return secret.trim()
}
