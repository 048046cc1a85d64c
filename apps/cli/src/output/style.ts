/** How a text may be set off on a terminal. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow'
