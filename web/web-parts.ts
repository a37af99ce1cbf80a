import type { Logger } from 'pino'
import type { Server as Sockets } from 'socket.io'
import type { Trust } from '../storage/custody/trust.ts'
import type { Storage } from '../storage/storage.ts'
import type { WebConfig } from './config.ts'
import type { Pages } from './pages.ts'
import type { Identify } from './sign-in/staff-of-request.ts'

/** What every room of the web is made from; main.ts builds it once. */
export interface WebParts {
  storage: Storage
  config: WebConfig
  /** Built browser code and styles. */
  pages: Pages
  sockets: Sockets
  log: Logger
  /** Anchors that the verify page judges with; without them it can compare hashes only. */
  trust?: Trust
  /** Who of the council's staff asks, by the session cookie; undefined for everybody else. */
  identify: Identify
}
