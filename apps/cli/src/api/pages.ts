import type { z } from 'zod'
import type { ApiClient, ApiRequest } from './client.ts'
import { pageOf } from './shapes.ts'

/** The API's own limit of a page. */
export const maxPageSize = 200

/**
 * Goes through a list page by page, and gives its items one by one.
 * @param request of the first page
 */
export async function* eachItem<T extends z.ZodType>(
  api: ApiClient,
  item: T,
  request: Omit<ApiRequest, 'method'>,
): AsyncGenerator<z.output<T>> {
  let cursor: string | undefined
  do {
    const query = { limit: maxPageSize, ...request.query, cursor }
    const page = await api.call(pageOf(item), { ...request, method: 'GET', query })
    yield* page.data
    cursor = page.pagination.hasMore ? (page.pagination.cursor ?? undefined) : undefined
  } while (cursor !== undefined)
}

/** Gives the first `limit` items of a list, and whether there are more. */
export async function firstItems<T extends z.ZodType>(
  api: ApiClient,
  item: T,
  request: Omit<ApiRequest, 'method'> & { limit: number },
): Promise<{ items: z.output<T>[]; hasMore: boolean }> {
  const { limit, ...rest } = request
  const items: z.output<T>[] = []
  const query = { ...rest.query, limit: Math.min(limit, maxPageSize) }
  for await (const each of eachItem(api, item, { ...rest, query })) {
    if (items.length === limit) return { items, hasMore: true }
    items.push(each)
  }
  return { items, hasMore: false }
}
