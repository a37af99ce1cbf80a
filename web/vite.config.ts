import { globSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Each browser module and style of a room is an entry; its content hash stands in its name, so it may be cached for ever. */
const entries = globSync(['web/*/page/*-page.{ts,tsx}', 'web/*/page/*.css'], { cwd: root })

export default defineConfig({
  root,
  base: '/pages/',
  publicDir: false,
  build: {
    manifest: 'manifest.json',
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rollupOptions: {
      input: Object.fromEntries(entries.map((path) => [relative('web', path).replace(/[/\\.]/g, '-'), join(root, path)])),
      output: { entryFileNames: '[name]-[hash].js', chunkFileNames: '[name]-[hash].js', assetFileNames: '[name]-[hash][extname]' },
    },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
})
