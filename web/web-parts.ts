import type { Logger } from 'pino'
import type { Server as Sockets } from 'socket.io'
import type { MinutesParts } from '../minutes/minutes-parts.ts'
import type { Storage } from '../storage/storage.ts'
import type { Agents } from './agent/agents.ts'
import type { WebConfig } from './config.ts'
import type { Microphones } from './microphones/microphones.ts'
import type { Pages } from './pages.ts'
import type { Identify } from './visitor.ts'

/** What every room of the web is made from; main.ts builds it once. */
export interface WebParts {
  storage: Storage
  config: WebConfig
  /** Built browser code and styles. */
  pages: Pages
  sockets: Sockets
  /** The recorders in the chambers. */
  agents: Agents
  /** The intake of the conference systems' events. */
  microphones: Microphones
  log: Logger
  /** Clock of the server, Unix ms. */
  now: () => number
  /** The whole ways of the acta: publish, withdraw, the anchors of the installation. */
  minutes: MinutesParts
  /** Who of the council's staff asks, by the session cookie; undefined for everybody else. */
  identify: Identify
}
