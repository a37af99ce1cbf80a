import type { Request } from 'express'
import type { Logger } from 'pino'
import type { Server as Sockets } from 'socket.io'
import type { CouncilId } from '../storage/model/ids.ts'
import type { Storage } from '../storage/storage.ts'
import type { WebConfig } from './config.ts'
import type { Pages } from './pages.ts'
import type { Staff } from './visitor.ts'

/** What every room of the web is made from; main.ts builds it once. */
export interface WebParts {
  storage: Storage
  config: WebConfig
  /** Built browser code and styles. */
  pages: Pages
  sockets: Sockets
  log: Logger
  /** Who of the council's staff asks, by the session cookie; undefined for everybody else. */
  identify: (request: Request, council: CouncilId) => Promise<Staff | undefined>
}
