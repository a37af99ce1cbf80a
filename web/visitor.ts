import type { IncomingMessage } from 'node:http'
import type { Request } from 'express'
import type { Language } from '../storage/model/council.ts'
import type { CouncilId } from '../storage/model/ids.ts'
import { href } from './words/words.ts'

/** A person who signed in: an account of one council. */
export interface Staff {
  account: string
  council: CouncilId
  login: string
  name: string
  role: 'secretary' | 'mayor' | 'member' | 'technician' | 'provincial'
  member?: string
}

/** Tells which person of a council's staff sends a request or opens a live link, by its cookie; undefined for everybody else. */
export type Identify = (request: Pick<IncomingMessage, 'headers'>, council: CouncilId) => Promise<Staff | undefined>

/** Who asks, in which language, under which request id. */
export interface Visitor {
  requestId: string
  language: Language
  /** The address asked for, without language prefix: `/c/vilarino/2026-10-27?t=12`. */
  path: string
  /** The same or another address of ours in the visitor's language. */
  href: (path: string) => string
}

const visitors = new WeakMap<object, Visitor>()

/** The visitor of a request; app.ts knows it before any room does. */
export function visitorOf(request: Request): Visitor {
  const known = visitors.get(request)
  if (!known) throw new Error(`no visitor for ${request.method} ${request.path}: the request did not come through app.ts`)
  return known
}

/** Reads the language of the address (`/es/…` or `?lang=es`) and takes its prefix away, so that rooms route one path. */
export function knowVisitor(request: Request, requestId: string): Visitor {
  const prefixed = /^\/es(?=\/|\?|$)/.test(request.url)
  if (prefixed) request.url = request.url.slice(3).replace(/^(?!\/)/, '/')
  const asked = new URLSearchParams(request.url.split('?')[1] ?? '').get('lang')
  const language: Language = prefixed || asked === 'es' ? 'es' : 'gl'
  const visitor: Visitor = { requestId, language, path: request.url, href: (path) => href(path, language) }
  visitors.set(request, visitor)
  return visitor
}
