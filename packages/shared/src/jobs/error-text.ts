const maxLength = 500

/** Makes an error's text fit to be stored: bounded, and free of what Postgres refuses (NUL, halves of surrogate pairs). */
export function errorText(text: string): string {
  return text.replaceAll('\0', '').slice(0, maxLength).toWellFormed()
}
