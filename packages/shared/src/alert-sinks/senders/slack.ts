import type { Sender } from '../sender.ts'
import { slackBody } from '../text/slack.ts'
import { tellMessage } from '../text/tell-message.ts'
import type { Post } from './post.ts'

/** Slack says by one such word what it does not like: `invalid_payload`, `no_service`, `channel_is_archived`. */
const word = /^[a-z_]{1,60}$/

/** Sends to incoming webhooks of Slack, and of what understands the same. */
export function createSlackSender({ post, consoleUrl }: { post: Post; consoleUrl: string | undefined }): Sender {
  return {
    async send(message, signal) {
      const { target } = message.sink
      if (target.kind !== 'slack') return { ok: false, error: 'this is no webhook of Slack' }
      const body = JSON.stringify(slackBody(tellMessage(message, consoleUrl)))
      const explain = (text: string) => (word.test(text.trim()) ? text.trim() : undefined)
      return await post({ url: target.url, body, explain, mayBeGone: true }, signal)
    },
  }
}
