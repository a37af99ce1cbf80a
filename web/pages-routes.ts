import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { Router } from 'express'
import { PageNotFoundError } from './error-response.ts'
import type { Pages } from './pages.ts'

const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

interface BuiltFile {
  type: string
  plain: Buffer
  brotli?: Buffer
}

/** Serves the built browser code from memory: it is small, and no name from outside ever becomes a path. */
export async function pagesRoutes(pages: Pages): Promise<Router> {
  const files = await readBuilt(pages.folder)
  const router = Router()
  router.get('/{*file}', (request, response) => {
    const found = files.get(decodeURIComponent(request.path.slice(1)))
    if (!found) throw new PageNotFoundError()
    response.set({ 'Content-Type': found.type, 'Cache-Control': 'public, max-age=31536000, immutable', Vary: 'Accept-Encoding' })
    if (found.brotli && request.acceptsEncodings('br')) response.set('Content-Encoding', 'br').end(found.brotli)
    else response.end(found.plain)
  })
  return router
}

async function readBuilt(folder: string): Promise<Map<string, BuiltFile>> {
  const files = new Map<string, BuiltFile>()
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const type = types[extname(entry.name)]
    if (!entry.isFile() || type === undefined) continue
    const path = join(entry.parentPath, entry.name)
    const brotli = await readFile(`${path}.br`).catch(() => undefined)
    files.set(relative(folder, path).split(sep).join('/'), { type, plain: await readFile(path), ...(brotli ? { brotli } : {}) })
  }
  return files
}
