import { ActionIcon, CopyButton, Tooltip } from '@mantine/core'
import { Check, Copy } from 'lucide-react'

/** A text that people take elsewhere, such as an id, with a button that copies it. @param what names it: `the id` */
export function CopyText({ text, what }: { text: string; what: string }) {
  return (
    <span className="copy-text">
      <span className="mono" translate="no">
        {text}
      </span>
      <CopyButton value={text} timeout={2_000}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? 'Copied' : 'Copy'}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              onClick={copy}
              aria-label={copied ? 'Copied' : `Copy ${what}`}
            >
              {copied ? <Check size={13} /> : <Copy size={13} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </span>
  )
}
