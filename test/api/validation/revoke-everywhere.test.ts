import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startProcess, type TestProcess } from '../../support/processes/processes.ts'
import { codeOf, createClient, makeKey } from '../client.ts'
import { type Harness, startHarness } from '../harness.ts'

const rounds = 20

let t: Harness
let second: TestProcess
beforeAll(async () => {
  t = await startHarness()
  second = await startProcess('api', t.stores.env)
})
afterAll(async () => {
  await second.stop()
  await t.close()
})

describe('two api processes', () => {
  it('both stop taking a key once one of them revoked it', async () => {
    const other = createClient(second.url)
    const validate = async (key: string) => codeOf(await other('POST', '/v1/keys/validate', { body: { key } }))
    const times: number[] = []
    for (let round = 0; round < rounds; round++) {
      const { id, key } = await makeKey(t.asRoot)
      // Cached by the second process before the first one revokes.
      expect(await validate(key)).toBe('VALID')
      const began = performance.now()
      await t.asRoot('POST', `/v1/keys/${id}/revoke`)
      while ((await validate(key)) === 'VALID');
      times.push(performance.now() - began)
      expect(await validate(key)).toBe('REVOKED')
      expect(codeOf(await t.asAnyone('POST', '/v1/keys/validate', { body: { key } }))).toBe('REVOKED')
    }
    times.sort((a, b) => a - b)
    const at = (share: number) => times[Math.ceil(share * rounds) - 1]?.toFixed(1)
    console.info(`revoke, from its request to refusal by the other process: p50 ${at(0.5)} ms, worst ${at(1)} ms`)
  })

  it('both take a key once it is made', async () => {
    const { key } = await makeKey(t.asRoot)
    expect(codeOf(await createClient(second.url)('POST', '/v1/keys/validate', { body: { key } }))).toBe('VALID')
  })
})
