import { clip } from './line.ts'
import type { ToldAlert } from './tell-alert.ts'
import type { ToldMessage } from './tell-message.ts'

/** More would not be read in a chat; Slack itself takes 50 blocks. */
const mostShown = 10
/** Slack's own bounds: of a section's text, of one of its fields, and of their number. */
const longestText = 3000
const longestField = 2000
const mostFields = 10

const marks = { low: ':large_blue_circle:', medium: ':large_yellow_circle:', high: ':large_orange_circle:' } as const

/** Makes the body of an incoming webhook of Slack: blocks, and a text for notifications. */
export function slackBody(told: ToldMessage): object {
  const shown = told.alerts.slice(-mostShown)
  const left = told.alerts.length - shown.length + told.omitted
  const blocks = [
    section(`${mark(told.severity)} *${escapeSlack(told.title)}*`),
    ...(told.note === undefined ? [] : [section(escapeSlack(told.note))]),
    ...shown.flatMap((alert) => alertBlocks(alert, told.alerts.length > 1)),
    ...(left > 0 ? [context(`${left} earlier ${left === 1 ? 'alert is' : 'alerts are'} in the alert log`)] : []),
  ]
  const severity = told.severity === undefined ? '' : `${told.severity}: `
  return {
    text: clip(escapeSlack(`${severity}${told.title}`), longestText),
    blocks,
    unfurl_links: false,
    unfurl_media: false,
  }
}

/**
 * Takes their meaning from the three characters by which Slack's markup makes links and calls people
 * (docs.slack.dev, "Formatting message text").
 */
export function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function alertBlocks(alert: ToldAlert, hasTitle: boolean): object[] {
  const title = hasTitle ? `*${escapeSlack(alert.title)}* (${alert.severity})\n` : ''
  const fields = alert.facts
    .slice(0, mostFields)
    .map(({ name, value }) => mrkdwn(`*${escapeSlack(name)}*\n${escapeSlack(value)}`, longestField))
  const link = alert.link === undefined ? '' : ` · <${escapeSlack(alert.link)}|Open in Momentry>`
  return [
    { ...section(`${title}${escapeSlack(alert.explanation)}`), ...(fields.length > 0 && { fields }) },
    context(`${alert.severity} · ${alert.at}${link}`),
  ]
}

function mark(severity: ToldMessage['severity']): string {
  if (severity === undefined) return ':white_circle:'
  return severity === 'critical' ? ':red_circle:' : marks[severity]
}

function section(text: string) {
  return { type: 'section', text: mrkdwn(text, longestText) }
}

function context(text: string) {
  return { type: 'context', elements: [mrkdwn(text, longestText)] }
}

/** `verbatim`: no name in it becomes a link or calls a channel by itself. */
function mrkdwn(text: string, most: number) {
  return { type: 'mrkdwn', text: clip(text, most), verbatim: true }
}
