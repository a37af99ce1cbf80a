import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import { pino } from 'pino'
import { Server as Sockets } from 'socket.io'
import { type AgentIdentity, openAgentIdentity } from '../../../recorder/agent-identity.ts'
import type { Enrolment } from '../../../recorder/control-protocol.ts'
import { Recorder } from '../../../recorder/recorder.ts'
import type { TimeStampAuthority } from '../../../storage/custody/time-stamp-authority.ts'
import { newId, recorderId } from '../../../storage/model/ids.ts'
import { findFfmpeg } from '../../../storage/programs/ffmpeg.ts'
import { enrolRecorder } from '../../../storage/records/recorders.ts'
import { openAgentLink } from '../../../web/agent/agent-link.ts'
import { agentRoutes } from '../../../web/agent/agent-routes.ts'
import type { Agents } from '../../../web/agent/agents.ts'
import { sample } from '../../recorder/recorded.ts'
import type { TestStorage } from '../../servers/test-storage.ts'

/** The server's end of the link on loopback, which can be torn down and put up again on the same port. */
export interface TestServer extends AsyncDisposable {
  readonly url: string
  readonly port: number
  readonly agents: Agents
  readonly sockets: Sockets
}

export async function startAgentServer(
  storage: TestStorage,
  authority: TimeStampAuthority,
  port = 0,
  host = '127.0.0.1',
): Promise<TestServer> {
  const log = pino({ level: 'silent' })
  const app = express()
  const server: Server = createServer(app)
  const sockets = new Sockets(server, { maxHttpBufferSize: 1_000_000 })
  const agents = openAgentLink({ sockets, storage, timeStamps: async () => authority, log })
  app.use(agentRoutes({ storage, log, agents }))
  await new Promise<void>((resolve) => server.listen(port, host, resolve))
  const bound = (server.address() as AddressInfo).port
  return {
    ...{ url: `http://${host}:${bound}`, port: bound, agents, sockets },
    async [Symbol.asyncDispose]() {
      await agents[Symbol.asyncDispose]()
      await sockets.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** An enrolled recorder with its key, and its spool in a temporary folder. */
export interface Chamber extends AsyncDisposable {
  readonly identity: AgentIdentity
  readonly enrolment: Enrolment
  readonly spool: string
  /** Where the enrolment is written, for an agent in a process of its own. */
  readonly enrolmentFile: string
  readonly keyFile: string
  readonly troubles: string[]
  /** Starts the agent; the sample session is its source, eight times as fast as it was. */
  open(): Promise<Recorder>
}

export async function enrolChamber(storage: TestStorage, server: string): Promise<Chamber> {
  const folder = await mkdtemp(join(tmpdir(), 'escano-chamber-'))
  const keyFile = join(folder, 'recorder.key')
  await writeFile(keyFile, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  const enrolment: Enrolment = { recorder: recorderId.parse(newId()), council: storage.council.id, dir3: storage.council.dir3, server }
  const identity = await openAgentIdentity(enrolment, keyFile)
  const publicKeyBase64 = Buffer.from(identity.publicKey).toString('base64')
  await storage.database.inCouncil(storage.council.id, (tx) =>
    enrolRecorder(tx, { id: enrolment.recorder, name: 'Salón', publicKeyBase64 }),
  )
  const troubles: string[] = []
  const enrolmentFile = join(folder, 'recorder.json')
  await writeFile(enrolmentFile, JSON.stringify(enrolment))
  return {
    ...{ identity, enrolment, spool: join(folder, 'spool'), enrolmentFile, keyFile, troubles },
    open: async () =>
      await Recorder.open({
        ...{ identity, ffmpeg: await findFfmpeg(process.env), spool: join(folder, 'spool'), source: sample, speed: 8 },
        onTrouble: (sentence) => troubles.push(sentence),
      }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}
