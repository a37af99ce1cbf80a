import { createHash, randomUUID, X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { enrolMachine } from '../../../recorder/enrol.ts'
import { putTabletCode } from '../../../storage/records/tablets.ts'
import { makeEnrolmentCode } from '../../../web/agent/enrolment.ts'
import type { RunningWeb } from '../../../web/main.ts'
import { newShortCode, shortCodeHash } from '../../../web/sign-in/short-code.ts'
import { sample } from '../../recorder/recorded.ts'
import { startChamberProcess } from '../../servers/chamber-process.ts'
import { freePort } from '../../servers/free-port.ts'
import { startTestWeb } from '../../servers/running-web.ts'
import type { TestStorage } from '../../servers/test-storage.ts'
import { putChamber } from '../control/chamber.ts'

/** A council, its server, and the agent of its chamber in a process of its own, which serves the chamber page. */
export interface ChamberStand extends AsyncDisposable {
  readonly chamber: Awaited<ReturnType<typeof putChamber>>
  readonly serverAddress: string
  /** Origin of the chamber page. */
  readonly origin: string
  readonly spool: string
  readonly log: string
  /** PEM. */
  readonly authority: string
  /** SHA-256 of the page's public key, base64: what a browser is told to trust in the place of an installed authority. */
  readonly pin: string
  cutServer(): Promise<void>
  bringServer(): Promise<RunningWeb>
  newTabletCode(): Promise<string>
}

export async function openStand(storage: TestStorage): Promise<ChamberStand> {
  const stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'escano-chamber-page-'))
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  const chamber = await putChamber(storage, 'sala', { convenedFor: Date.now() })
  const [serverPort, port] = [await freePort(), await freePort()]
  const startServer = () => startTestWeb(storage, { environment: { ESCANO_WEB_PORT: String(serverPort) } })
  let web: RunningWeb | undefined = await startServer()
  stack.defer(async () => await web?.[Symbol.asyncDispose]())
  const inCouncil = <T>(work: Parameters<typeof storage.database.inCouncil<T>>[1]) => storage.database.inCouncil(chamber.council.id, work)
  const files = { enrolmentFile: join(folder, 'recorder.json'), keyFile: join(folder, 'recorder.key') }
  const { code } = await inCouncil((tx) => makeEnrolmentCode(tx, randomUUID()))
  await enrolMachine({ server: web.address, code, name: 'Salón', ...files })
  const [spool, log] = [join(folder, 'spool'), join(folder, 'agent.log')]
  const agent = await startChamberProcess({
    ...{ ...files, spool, source: sample, log },
    env: { ESCANO_RECORDER_PAGE_PORT: String(port), ESCANO_RECORDER_PAGE_HOST: '127.0.0.1' },
  })
  stack.defer(async () => void (await agent.stop()))
  const certificate = await firstCertificate(port)
  const kept = JSON.parse(await readFile(join(spool, 'chamber/keys/authority.json'), 'utf8')) as { certificate: string }
  return {
    ...{ chamber, serverAddress: web.address, origin: `https://127.0.0.1:${port}`, spool, log, authority: kept.certificate },
    pin: createHash('sha256')
      .update(certificate.publicKey.export({ type: 'spki', format: 'der' }))
      .digest('base64'),
    cutServer: async () => {
      await web?.[Symbol.asyncDispose]()
      web = undefined
    },
    bringServer: async () => {
      web = await startServer()
      return web
    },
    newTabletCode: async () => {
      const made = newShortCode()
      await inCouncil(async (tx) => {
        const account = (await tx.selectFrom('accounts').select('id').where('login', '=', 'secretaria').executeTakeFirstOrThrow()).id
        const until = Date.now() + 600_000
        await putTabletCode(tx, { id: randomUUID(), codeHash: shortCodeHash(made, 'tablet'), name: 'Tableta', account, expiresAtMs: until })
      })
      return made
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** Waits until the page is served. */
async function firstCertificate(port: number): Promise<X509Certificate> {
  for (const until = Date.now() + 90_000; ; ) {
    const found = await new Promise<X509Certificate | undefined>((resolve) => {
      const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
        resolve(new X509Certificate(socket.getPeerCertificate().raw))
        socket.destroy()
      })
      socket.once('error', () => resolve(undefined))
    })
    if (found) return found
    if (Date.now() > until) throw new Error(`nobody serves the chamber page on port ${port}`)
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
}
