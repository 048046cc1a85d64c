/** Calls what a user gave, if anything. An error of theirs must not stop the work, and there is nobody to tell of it. */
export function tell<T>(callback: ((about: T) => void) | undefined, about: T): void {
  try {
    callback?.(about)
  } catch {}
}
