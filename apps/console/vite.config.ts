import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Built to `dist/`, which the api serves at /console; every asset is a file of its own, since its policy allows no inline script. */
export default defineConfig({
  base: '/console/',
  plugins: [react()],
  build: { assetsInlineLimit: 0, chunkSizeWarningLimit: 1_000, sourcemap: false },
})
