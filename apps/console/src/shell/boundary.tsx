import { Button, Group } from '@mantine/core'
import { Component, type ReactNode } from 'react'
import { Notice } from '../parts/states/notice.tsx'

interface Props {
  children: ReactNode
  /** Another value clears the failure: the address of the page. */
  resetBy?: string
}

/** Shows what is left where a page breaks. React knows this only of classes. */
export class Boundary extends Component<Props, { failure: Error | undefined }> {
  override state: { failure: Error | undefined } = { failure: undefined }

  static getDerivedStateFromError(failure: Error) {
    return { failure }
  }

  override componentDidUpdate(before: Props) {
    if (before.resetBy !== this.props.resetBy && this.state.failure) this.setState({ failure: undefined })
  }

  override render() {
    const { failure } = this.state
    if (!failure) return this.props.children
    // A page's file is gone once a newer console was put in its place: the new one is a reload away.
    const outdated = /import|module/i.test(failure.message)
    return (
      <Notice
        tone="bad"
        title={outdated ? 'There is a newer console' : 'This page broke'}
        text={outdated ? 'Reload to get it.' : failure.message}
      >
        <Group gap="xs" justify="center">
          <Button onClick={() => location.reload()}>Reload</Button>
          {!outdated && (
            <Button variant="default" onClick={() => this.setState({ failure: undefined })}>
              Try again
            </Button>
          )}
        </Group>
      </Notice>
    )
  }
}
