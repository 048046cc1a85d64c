import { useInfiniteQuery } from '@tanstack/react-query'
import { liveMs, nextCursor } from './query.ts'

/** A page of a list, as every list of the API answers. */
export interface Page<Row> {
  data: Row[]
  pagination: { cursor: string | null; hasMore: boolean }
}

interface Wishes<Row> {
  /** Begins with the resource's name, and holds the filters. */
  key: readonly unknown[]
  read: (cursor: string | undefined) => Promise<Page<Row>>
  /** Reads again by itself while somebody looks. */
  live?: boolean
  enabled?: boolean
}

/** More pages than that are only read again where something changed. */
const mostLivePages = 3

/** Reads a list page by page. What it gives can be spread into a `DataTable`. */
export function usePages<Row>({ key, read, live = false, enabled = true }: Wishes<Row>) {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => read(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextCursor,
    enabled,
    refetchInterval: ({ state }) => (live && (state.data?.pages.length ?? 0) <= mostLivePages ? liveMs : false),
    // Other filters show what was there until their own rows come.
    placeholderData: (before) => before,
    select: ({ pages }) => pages.flatMap(({ data }) => data),
  })
  return {
    rows: query.data,
    error: query.error,
    onRetry: query.refetch,
    hasMore: query.hasNextPage,
    loadingMore: query.isFetchingNextPage,
    onMore: query.fetchNextPage,
  }
}
