import { z } from 'zod'

const problemSchema = z.looseObject({ code: z.string(), title: z.string().optional(), detail: z.string().optional() })

export interface Api {
  url: string
  authorization: string
  /** Posts JSON. @throws Error, one line for people, where the answer is no 2xx, or where there is none */
  post(path: string, body: unknown): Promise<unknown>
}

export function createApi(url: string, key: string): Api {
  const authorization = `Bearer ${key}`
  return {
    url,
    authorization,
    async post(path, body) {
      const answer = await fetch(new URL(path, url), {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify(body),
      }).catch(() => {
        throw new Error(`${url} does not answer`)
      })
      const text = await answer.text()
      if (answer.ok) return JSON.parse(text)
      const problem = problemSchema.safeParse(parse(text)).data
      throw new Error(
        `POST ${path} was answered ${answer.status} ${problem?.code ?? ''} ${problem?.detail ?? ''}`.trim(),
      )
    },
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
