import { z } from 'zod'
import { parseJson } from '../../integrations/http/parse-json.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Message, Sender, Sent } from '../sender.ts'
import { oneLine } from '../text/line.ts'
import { dedupKeyOf, type PagerDutyEvent, resolveEvent, testEvent, triggerEvent } from '../text/pagerduty.ts'
import type { Post } from './post.ts'

/** Of the Events API v2; accounts in the EU name theirs. */
const eventsUrl = 'https://events.pagerduty.com/v2/enqueue'

/** Events that are under way together: a message of a hundred incidents is to end before it is cut. */
const atOnce = 5

const refusalSchema = z.object({ message: z.string(), errors: z.array(z.string()).default([]) })

/**
 * Sends to PagerDuty's Events API v2: an event for each incident. What was sent before one fails is sent again with the next
 * attempt, which changes nothing there: the incident is known by its key.
 */
export function createPagerDutySender(deps: { post: Post; consoleUrl: string | undefined; now: Clock }): Sender {
  const { post, consoleUrl, now } = deps
  return {
    async send(message, signal) {
      const { target } = message.sink
      if (target.kind !== 'pagerduty') return { ok: false, error: 'this is no service of PagerDuty' }
      const { routingKey, url = eventsUrl } = target
      const explain = (text: string) => explainRefusal(text)?.replaceAll(routingKey, '[routing key]')
      let sent: Sent = { ok: true }
      for (const batch of batchesOf(eventsOf(message, routingKey, consoleUrl, now()))) {
        const answers = await Promise.all(
          batch.map((event) => post({ url, body: JSON.stringify(event), explain }, signal)),
        )
        sent = answers.find(({ ok }) => !ok) ?? answers[0] ?? sent
        if (!sent.ok) return sent
      }
      return sent
    },
  }
}

function eventsOf(
  { id, sink, alerts, test, resolves }: Message,
  routingKey: string,
  consoleUrl: string | undefined,
  now: number,
): PagerDutyEvent[] {
  if (resolves !== undefined) return [resolveEvent(routingKey, resolves)]
  if (test) {
    const trigger = testEvent(routingKey, sink.name, id, new Date(now).toISOString())
    return [trigger, resolveEvent(routingKey, trigger.dedup_key)]
  }
  // Of several alerts about one incident the latest says how things are.
  const latest = new Map(alerts.map(({ alert }) => [dedupKeyOf(alert), alert]))
  return [...latest.values()].map((alert) => triggerEvent(routingKey, alert, consoleUrl))
}

/** Of one incident the events go one after the other: a test triggers and resolves. */
function batchesOf(events: readonly PagerDutyEvent[]): PagerDutyEvent[][] {
  const batches: PagerDutyEvent[][] = []
  for (const event of events) {
    const last = batches.at(-1)
    const joins = last && last.length < atOnce && last.every(({ dedup_key }) => dedup_key !== event.dedup_key)
    if (joins) last.push(event)
    else batches.push([event])
  }
  return batches
}

function explainRefusal(text: string): string | undefined {
  const { data } = refusalSchema.safeParse(parseJson(text))
  return data && oneLine([data.message, ...data.errors].join(': '), 200)
}
