const series = /^momentry_usage_buffer_dropped(?:\{[^}]*\})? (\d+(?:\.\d+)?)$/m

/**
 * Reads how many uses an api process had to drop since its start, since they waited for Redis too long.
 * @returns undefined where its metrics cannot be read from here
 */
export async function readDropped(url: string): Promise<number | undefined> {
  try {
    const answer = await fetch(new URL('/metrics', url))
    const found = series.exec(await answer.text())?.[1]
    return found === undefined ? undefined : Number(found)
  } catch {
    return undefined
  }
}
