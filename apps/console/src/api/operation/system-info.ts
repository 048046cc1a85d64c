import { useQuery } from '@tanstack/react-query'
import { api, take } from '../client.ts'
import { liveMs } from '../query.ts'

/** The processes of the installation and its stores, as they are just now. */
export function useSystemInfo(enabled: boolean) {
  return useQuery({
    queryKey: ['system'],
    queryFn: () => take(api.GET('/v1/system')),
    refetchInterval: liveMs,
    enabled,
  })
}
