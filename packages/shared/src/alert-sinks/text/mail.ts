import type { ToldAlert } from './tell-alert.ts'
import type { ToldMessage } from './tell-message.ts'

/** A mail's own texts: one for programs that show text alone, one for the others. */
export interface MailText {
  subject: string
  text: string
  html: string
}

/** Writes a message as a mail. */
export function mailText(told: ToldMessage): MailText {
  const severity = told.severity === undefined ? '' : `${told.severity}: `
  return { subject: `[Momentry] ${severity}${told.title}`, text: plainText(told), html: htmlText(told) }
}

function plainText({ title, note, alerts, omitted }: ToldMessage): string {
  const parts = [title, ...(note === undefined ? [] : [note]), ...alerts.map(plainAlert), ...moreLine(omitted)]
  return `${parts.join('\n\n')}\n`
}

function plainAlert({ title, severity, explanation, at, facts, link }: ToldAlert): string {
  const lines = [`${severity.toUpperCase()}  ${title}`, explanation, `Time: ${at}`]
  lines.push(...facts.map(({ name, value }) => `${name}: ${value}`))
  if (link !== undefined) lines.push(link)
  return lines.join('\n')
}

function moreLine(omitted: number): string[] {
  return omitted > 0 ? [`${omitted} more ${omitted === 1 ? 'alert is' : 'alerts are'} in the alert log.`] : []
}

function htmlText({ title, note, alerts, omitted }: ToldMessage): string {
  const paragraphs = [...(note === undefined ? [] : [note]), ...moreLine(omitted)].map(
    (line) => `<p>${escapeHtml(line)}</p>`,
  )
  return [
    '<!doctype html>',
    `<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>`,
    '<body style="font-family:sans-serif;line-height:1.4">',
    `<h1 style="font-size:1.2em">${escapeHtml(title)}</h1>`,
    ...alerts.map(htmlAlert),
    ...paragraphs,
    '</body></html>',
  ].join('\n')
}

function htmlAlert({ title, severity, explanation, at, facts, link }: ToldAlert): string {
  const rows = [{ name: 'Severity', value: severity }, { name: 'Time', value: at }, ...facts].map(
    ({ name, value }) =>
      `<tr><th align="left" style="padding-right:1em">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`,
  )
  return [
    `<h2 style="font-size:1em">${escapeHtml(title)}</h2>`,
    `<p>${escapeHtml(explanation)}</p>`,
    `<table>${rows.join('')}</table>`,
    ...(link === undefined ? [] : [`<p><a href="${escapeHtml(link)}">Open in Momentry</a></p>`]),
  ].join('\n')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Makes a text safe between tags and within quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}
