import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core'
import type { Tone } from '../parts/badges/tones.ts'

/** The one accent. */
const iris: MantineColorsTuple = [
  '#f4f4fe',
  '#e8e8fc',
  '#cfd0f7',
  '#b2b3f2',
  '#9495eb',
  '#787ae3',
  '#5b5bd6',
  '#4f4ec2',
  '#4342a3',
  '#373685',
]
/** Cooler than Mantine's own, and its dimmed text reads on every ground (4.5 to 1 at least). */
const gray: MantineColorsTuple = [
  '#f7f8fa',
  '#f0f2f5',
  '#e6e8ec',
  '#dadde3',
  '#c4c9d2',
  '#6b7380',
  '#5a6271',
  '#475060',
  '#323945',
  '#1d222b',
]
const dark: MantineColorsTuple = [
  '#e4e7ec',
  '#c3c8d1',
  '#9ea5b3',
  '#8a92a1',
  '#343a46',
  '#282d37',
  '#1d2129',
  '#14171d',
  '#101318',
  '#0b0d11',
]

/** Mantine's own light grounds are too bright for their text: those that mean something take the console's tones. */
const tones: Readonly<Record<string, Tone>> = {
  red: 'bad',
  orange: 'high',
  yellow: 'warn',
  green: 'good',
  teal: 'good',
  blue: 'info',
  gray: 'neutral',
}

const variantColors: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input)
  const tone = input.variant === 'light' && input.color ? tones[input.color] : undefined
  if (!tone) return colors
  const ground = `var(--tone-${tone}-ground)`
  return { ...colors, background: ground, hover: ground, color: `var(--tone-${tone})` }
}

export const theme = createTheme({
  variantColorResolver: variantColors,
  primaryColor: 'iris',
  primaryShade: { light: 6, dark: 6 },
  colors: { iris, gray, dark },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '0.9375rem', lineHeight: '1.4' },
      h3: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  defaultRadius: 'md',
  radius: { xs: '3px', sm: '5px', md: '7px', lg: '10px', xl: '14px' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // Without its placeholder, which no menu may hold: the first item takes the focus.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Tooltip: { defaultProps: { openDelay: 250, withArrow: true } },
    Modal: {
      defaultProps: {
        centered: true,
        overlayProps: { backgroundOpacity: 0.45, blur: 2 },
        // The bar stays: without it, what is behind the dialog would move.
        removeScrollProps: { removeScrollBar: false },
      },
    },
    Button: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm' } },
  },
})

/** The page's ground is a shade off the cards on it, in both schemes. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#fafbfc',
    '--mantine-color-text': 'var(--mantine-color-gray-9)',
    '--mantine-color-dimmed': 'var(--mantine-color-gray-6)',
    '--mantine-color-placeholder': 'var(--mantine-color-gray-5)',
    '--mantine-color-anchor': 'var(--mantine-color-iris-7)',
    '--mantine-color-error': '#c4262e',
    '--surface': '#ffffff',
    '--line': 'var(--mantine-color-gray-2)',
    '--hover': 'var(--mantine-color-gray-1)',
  },
  dark: {
    '--mantine-color-body': '#14171d',
    '--mantine-color-dimmed': 'var(--mantine-color-dark-2)',
    '--mantine-color-placeholder': 'var(--mantine-color-dark-3)',
    '--mantine-color-anchor': 'var(--mantine-color-iris-4)',
    '--mantine-color-error': '#ff8a8a',
    '--surface': '#1a1e25',
    '--line': '#2a2f39',
    '--hover': '#22272f',
  },
})
