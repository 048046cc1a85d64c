import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeOf, createClient, makeKey } from '../../api/client.ts'
import { createPost, startValidator } from '../../support/load.ts'
import { startProcess, type TestProcess } from '../../support/processes/processes.ts'
import { type RotationHarness, startRotationHarness } from '../support.ts'

/** ROUNDS=200 for figures that can be quoted. */
const rounds = Number(process.env['ROUNDS'] ?? 10)

/** Between two validations of the load, so that it leaves the rotations some of the machine. */
const pauseMs = 2

let t: RotationHarness
let others: TestProcess[]
beforeAll(async () => {
  t = await startRotationHarness()
  others = await Promise.all([1, 2].map(() => startProcess('api', t.stores.env)))
})
afterAll(async () => {
  await Promise.all(others.map((api) => api.stop()))
  await t.close()
})

describe('a forced rotation, with three api processes under load', () => {
  it('stops the old secret on all of them', async () => {
    const urls = [t.api, ...others].map(({ url }) => url ?? '')
    const busy = await makeKey(t.asRoot, { name: 'busy' })
    const load = urls.map((url) => startValidator(createPost(url, t.root.key), busy.key, pauseMs))
    const validateOn = (url: string, key: string) =>
      createClient(url)('POST', '/v1/keys/validate', { body: { key, recordUsage: false } }).then(codeOf)
    const times: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      const { id, key } = await makeKey(t.asRoot)
      // Cached by each process before the rotation.
      for (const url of urls) expect(await validateOn(url, key)).toBe('VALID')
      const began = performance.now()
      const rotationId = await t.request(id, { forced: true })
      await Promise.all(
        urls.map(async (url) => {
          while ((await validateOn(url, key)) === 'VALID');
          expect(await validateOn(url, key)).toBe('ROTATED')
        }),
      )
      times.push(performance.now() - began)
      await t.reached(rotationId, 'completed')
    }
    await Promise.all(load.map((each) => each.stop()))
    for (const { seen } of load) expect([...seen.keys()]).toEqual(['VALID'])
    times.sort((a, b) => a - b)
    const at = (share: number) => times[Math.ceil(share * rounds) - 1]?.toFixed(1)
    console.info(
      `forced rotation, from its request to refusal by all of 3 processes: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, worst of ${rounds}: ${at(1)} ms`,
    )
  })
})
