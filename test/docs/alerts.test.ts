import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { alertTypes } from '@momentry/shared/alerts/alert.ts'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createProgram } from '../../apps/cli/src/program.ts'
import { webhookSecret } from '../alert-sinks/senders/messages.ts'
import { readBlocks } from './shell-words.ts'

const page = readFileSync(new URL('../../docs/alerts.md', import.meta.url), 'utf8')

describe('docs/alerts.md', () => {
  it('names every type of alert', () => {
    expect(alertTypes.filter((type) => !page.includes(`\`${type}\``))).toEqual([])
  })

  it('uses commands and options that there are', async () => {
    const program = await createProgram(['alert-sink'], process, new AbortController().signal)
    const group = program.commands.find((command) => command.name() === 'alert-sink')
    const lines = readBlocks(page, 'sh').flatMap((block) => block.split('\n'))
    const used = lines.flatMap((line) => {
      const [, verb, rest = ''] = /npx momentry alert-sink ([a-z-]+)(.*)/.exec(line.replace(/ #.*/, '')) ?? []
      return verb === undefined ? [] : [{ verb, options: [...rest.matchAll(/ (--[a-z-]+)/g)].map(([, name]) => name) }]
    })
    expect(used.length).toBeGreaterThan(8)
    for (const { verb, options } of used) {
      const command = group?.commands.find((each) => each.name() === verb)
      const known = command?.options.map(({ long }) => long) ?? []
      expect(command, verb).toBeDefined()
      expect(options.filter((name) => !known.includes(name))).toEqual([])
    }
  })
})

describe('its ways to verify a message', () => {
  const secret = webhookSecret('s')
  const id = 'msg_1'
  const body = '{"type":"alert.test","timestamp":"2026-01-05T12:00:00.000Z","data":{"é":1}}'
  const headers = (signer: string, at = Date.now()) => ({
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at / 1000)),
    'webhook-signature': `v1,c29tZXRoaW5n ${new Webhook(signer).sign(id, new Date(at), body)}`,
  })
  const cases = [
    { name: 'signed', body, headers: headers(secret), ok: true },
    { name: 'by another secret', body, headers: headers(webhookSecret('x')), ok: false },
    { name: 'changed', body: body.replace('1', '2'), headers: headers(secret), ok: false },
    { name: 'old', body, headers: headers(secret, Date.now() - 600_000), ok: false },
  ]
  let dir: string
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'momentry-docs-'))
  })
  afterAll(() => rm(dir, { recursive: true }))

  it('JavaScript', async () => {
    const file = join(dir, 'verify.mjs')
    await writeFile(file, readBlocks(page, 'js')[0] ?? '')
    const { verify } = z
      .object({ verify: z.custom<(...args: unknown[]) => unknown>((value) => typeof value === 'function') })
      .parse(await import(pathToFileURL(file).href))
    for (const { name, body, headers, ok } of cases) {
      if (ok) expect(verify(body, headers, secret), name).toEqual(JSON.parse(body))
      else expect(() => verify(body, headers, secret), name).toThrow(/signed|old/)
    }
  })

  it('Python', async ({ skip }) => {
    const file = join(dir, 'verify.py')
    const drive = `
import sys
for case in json.load(sys.stdin):
    try:
        verify(case["body"].encode(), case["headers"], ${JSON.stringify(secret)})
        print("ok")
    except ValueError:
        print("no")
`
    await writeFile(file, `${readBlocks(page, 'python')[0] ?? ''}\n${drive}`)
    const running = promisify(execFile)('python3', [file])
    running.child.stdin?.on('error', () => undefined).end(JSON.stringify(cases))
    const outcome = await running.catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
      throw error
    })
    if (outcome === undefined) return skip('there is no Python here')
    expect(outcome.stdout.trim().split('\n')).toEqual(cases.map(({ ok }) => (ok ? 'ok' : 'no')))
  })
})
