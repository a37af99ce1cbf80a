import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Express } from 'express'
import { pino } from 'pino'
import { Server as Sockets } from 'socket.io'
import type { MinutesParts } from '../minutes/minutes-parts.ts'
import { readCouncil } from '../storage/records/councils.ts'
import { openAgentLink } from './agent/agent-link.ts'
import type { AuthorityOf } from './agent/head-stamps.ts'
import { rehearseBeforeSessions } from './agent/rehearse-before.ts'
import { stopReturned } from './agent/stop-returned.ts'
import { webApp } from './app.ts'
import { restInClosedParts } from './closed-part/recorder-pause.ts'
import { openMicrophoneSockets } from './microphones/microphone-socket.ts'
import { Microphones } from './microphones/microphones.ts'
import { ensurePages } from './pages.ts'
import { identifyStaff } from './sign-in/staff-of-request.ts'
import type { WebParts } from './web-parts.ts'

/** Another program listens where the web was told to. */
export class PortBusyError extends Error {
  override readonly name = 'PortBusyError'
}

export type WebInput = Pick<WebParts, 'storage' | 'config' | 'minutes'> &
  Partial<Pick<WebParts, 'log' | 'pages' | 'now'>> & {
    /** Told when something takes seconds. */
    say?: (line: string) => void
  }

export interface RunningWeb extends AsyncDisposable {
  /** Where people reach it, without trailing slash: `http://127.0.0.1:8080`. */
  readonly address: string
  readonly sockets: Sockets
  /** The application: its routes can be listed. */
  readonly app: Express
}

/**
 * Serves an installation until disposed. Builds the pages first when their sources changed.
 * @throws PortBusyError
 * @throws PagesError the pages could not be built
 */
export async function startWeb(input: WebInput): Promise<RunningWeb> {
  const { storage, config, minutes } = input
  const log = input.log ?? pino({ name: 'web', level: 'warn' }, pino.destination(2))
  const pages = input.pages ?? (await ensurePages(input.say ? { say: input.say } : {}))
  const server = createServer({ requestTimeout: 120_000 })
  const sockets = new Sockets({
    maxHttpBufferSize: 1_000_000,
    // Other upgrades are answered by the intake of the microphones.
    destroyUpgrade: false,
    allowRequest: (request, answer) => answer(null, isOwnOrigin(request, config)),
  })
  const agents = openAgentLink({ sockets, storage, timeStamps: authorityOf(minutes), log })
  const identify = identifyStaff({ storage, config })
  const microphones = new Microphones(storage)
  const forgetClosedParts = restInClosedParts({ storage, agents, log })
  const stopRehearsing = rehearseBeforeSessions({ storage, agents, log })
  const forgetReturned = stopReturned({ storage, agents, log })
  // The sockets are attached last: they take their own requests and hand the others on to the application.
  const now = input.now ?? Date.now
  const app = await webApp({ storage, config, pages, sockets, log, identify, agents, microphones, minutes, now })
  server.on('request', app)
  sockets.attach(server)
  const systems = openMicrophoneSockets(server, { storage, microphones, log })
  await listen(server, config)
  const bound = server.address() as AddressInfo
  const host = config.host.includes(':') ? `[${config.host}]` : config.host
  return {
    address: config.publicUrl ?? `http://${host}:${bound.port}`,
    sockets,
    app,
    [Symbol.asyncDispose]: async () => {
      forgetClosedParts()
      stopRehearsing()
      forgetReturned()
      await systems[Symbol.asyncDispose]()
      await agents[Symbol.asyncDispose]()
      await sockets.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Who time-stamps for a council: what its own seals say. */
function authorityOf(minutes: MinutesParts): AuthorityOf {
  return async (id) => {
    const council = await minutes.storage.database.inCouncil(id, readCouncil)
    if (!council) throw new Error(`no council ${id} to time-stamp for`)
    return (await minutes.sealsOf(council)).timeStamps
  }
}

/** A browser always tells the page's origin; the recorder's agent sends none. */
function isOwnOrigin(request: IncomingMessage, config: WebParts['config']): boolean {
  const origin = request.headers.origin
  if (origin === undefined) return true
  if (config.publicUrl !== undefined && new URL(config.publicUrl).origin === origin) return true
  return URL.canParse(origin) && new URL(origin).host === request.headers.host
}

function listen(server: Server, config: WebParts['config']): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EADDRINUSE') return reject(cause)
      const sentence = `cannot serve on ${config.host}:${config.port}: another program is using that port. Stop it, or choose another with ESCANO_WEB_PORT`
      reject(new PortBusyError(sentence, { cause }))
    })
    server.listen(config.port, config.host, () => resolve())
  })
}
