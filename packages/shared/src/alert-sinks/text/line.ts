import { unprintable } from '../../platform/unprintable.ts'

const unfit = new RegExp(unprintable.source, 'gu')

/**
 * Makes one line of a text that came from anywhere: without line breaks, by which it could add lines, or headers, of its
 * own, and no longer than `most` characters.
 */
export function oneLine(text: string, most: number): string {
  return clip(text.replace(unfit, ' ').replace(/\s+/g, ' ').trim(), most)
}

/** Cuts a text to `most` characters, of which the last one says so then. */
export function clip(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`
}
