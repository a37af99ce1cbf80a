import type { Response } from 'express'
import type { VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'

/** Sends a whole HTML page rendered on the server. */
export function sendPage(response: Response, page: VNode): void {
  response.type('html').send(`<!doctype html>${renderToString(page)}`)
}
