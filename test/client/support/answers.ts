/** Answers as Momentry gives them, for servers that stand where it would. */
export const goodVerdict = {
  ...{ valid: true, code: 'VALID', keyId: '01990f0e-7d3a-7c3e-8a55-1f2e3d4c5b6a', type: 'service', name: 'n' },
  ...{ ownerId: null, scopes: [], metadata: {}, expiresAt: null, secretVersion: 1 },
}

export const away = { status: 503, body: { code: 'DATABASE_UNAVAILABLE', detail: 'the database is away' } }
