/** Numbers are padded, so that names sort as they do. */
export function folderOf(number: number): string {
  return String(number).padStart(6, '0')
}

/** The number of a path's folder, or of a document of format 1 (`000003.json`); undefined where it is neither. */
export function numberOf(path: string): number | undefined {
  const digits = /^(\d{6,9})(?:\/|\.json$)/.exec(path)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** In a bucket, which has no folders, this object takes a number. */
export const claimName = '.claim'
