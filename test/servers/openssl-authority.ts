import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TimeStampAuthority } from '../../storage/custody/time-stamp-authority.ts'
import { runProgram } from '../../storage/programs/run-program.ts'

/** A certification authority and a time-stamp authority that openssl runs, in a folder of its own: the outside oracle of the custody tests. */
export interface OpensslAuthority extends AsyncDisposable {
  folder: string
  /** Root of people and seals, PEM. */
  rootPem: string
  /** Root of the time-stamp authority, PEM: another one, so that the two kinds of trust cannot be mixed up unseen. */
  tsaRootPem: string
  timeStamps: TimeStampAuthority
  /** Issues a certificate: key and chain as PEM files, whose paths it returns. */
  issue(name: string, options?: { algorithm?: 'rsa' | 'ec'; extensions?: string[]; days?: number; subject?: string }): Promise<Issued>
  /** Serves the authority over HTTP until the whole is disposed of; `answer` may spoil answers. */
  serve(options?: { basic?: { user: string; password: string }; answer?: (response: Uint8Array) => Uint8Array }): Promise<string>
  openssl(args: string[], input?: Uint8Array): Promise<Uint8Array>
}

export interface Issued {
  keyPath: string
  certificatePath: string
  keyPem: string
  /** The certificate, then its issuer. */
  chainPem: string
}

const timeStampPurpose = 'extendedKeyUsage=critical,timeStamping'

/** @param name goes into the certificates' subjects, to tell authorities apart in messages */
export async function startOpensslAuthority(name = 'Proba', options: { tsaExtensions?: string[] } = {}): Promise<OpensslAuthority> {
  const folder = await mkdtemp(join(tmpdir(), 'escano-authority-'))
  const servers: Server[] = []
  const openssl = async (args: string[], input?: Uint8Array) =>
    (await runProgram('openssl', args, { cwd: folder, timeoutMs: 60_000, ...(input === undefined ? {} : { input }) })).stdout

  const issue = async (of: Subject): Promise<Issued> => {
    const base = of.name.replaceAll(/[^A-Za-z0-9-]/g, '-')
    const [key, request, certificate, config] = ['key', 'csr', 'crt', 'cnf'].map((kind) => `${base}.${kind}`) as [
      string,
      string,
      string,
      string,
    ]
    await openssl(keyArguments(of.algorithm ?? 'rsa', key))
    await writeFile(join(folder, config), `[ext]\n${of.extensions.join('\n')}\n`)
    await openssl(['req', '-new', '-key', key, '-subj', of.subject ?? `/C=ES/O=${name}/CN=${of.name}`, '-out', request])
    const signedBy =
      of.issuer === undefined ? ['-signkey', key] : ['-CA', `${of.issuer}.crt`, '-CAkey', `${of.issuer}.key`, '-CAcreateserial']
    await openssl([
      'x509',
      '-req',
      '-in',
      request,
      '-days',
      String(of.days ?? 30),
      '-sha256',
      '-extfile',
      config,
      '-extensions',
      'ext',
      ...signedBy,
      '-out',
      certificate,
    ])
    const read = (file: string) => readFile(join(folder, file), 'utf8')
    const issuer = of.issuer === undefined ? '' : await read(`${of.issuer}.crt`)
    return {
      keyPath: join(folder, key),
      certificatePath: join(folder, certificate),
      keyPem: await read(key),
      chainPem: (await read(certificate)) + issuer,
    }
  }

  const authority = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign', 'subjectKeyIdentifier=hash']
  const root = await issue({ name: 'root', extensions: authority, subject: `/C=ES/O=${name}/CN=Raiz` })
  const tsaRoot = await issue({
    name: 'tsa-root',
    algorithm: 'ec',
    extensions: authority,
    subject: `/C=ES/O=${name}/CN=Raiz de selos de tempo`,
  })
  await issue({
    name: 'tsa',
    issuer: 'tsa-root',
    extensions: options.tsaExtensions ?? [timeStampPurpose, 'keyUsage=critical,digitalSignature'],
  })
  await writeFile(join(folder, 'tsa.cnf'), tsaConfig)
  await writeFile(join(folder, 'serial'), '01\n')

  let turn: Promise<unknown> = Promise.resolve()
  let count = 0
  const timeStamps: TimeStampAuthority = {
    name: `openssl ${name}`,
    respond(request) {
      // The serial file is not safe under concurrency (study-custody.md §2): one after the other.
      const next = turn.then(async () => {
        const file = `request-${count++}`
        await writeFile(join(folder, file), request)
        return await openssl(['ts', '-reply', '-config', 'tsa.cnf', '-section', 'tsa', '-queryfile', file])
      })
      turn = next.catch(() => undefined)
      return next
    },
  }
  await mkdir(join(folder, 'issued'))
  return {
    folder,
    rootPem: root.chainPem,
    tsaRootPem: tsaRoot.chainPem,
    timeStamps,
    openssl,
    issue: (person, wanted = {}) =>
      issue({
        name: person,
        issuer: 'root',
        extensions: wanted.extensions ?? ['keyUsage=critical,digitalSignature,nonRepudiation', 'basicConstraints=critical,CA:FALSE'],
        ...(wanted.algorithm === undefined ? {} : { algorithm: wanted.algorithm }),
        ...(wanted.days === undefined ? {} : { days: wanted.days }),
        ...(wanted.subject === undefined ? {} : { subject: wanted.subject }),
      }),
    async serve(served = {}) {
      const server = timeStampServer(timeStamps, served)
      servers.push(server)
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    },
    async [Symbol.asyncDispose]() {
      for (const server of servers) {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      }
      await turn
      await rm(folder, { recursive: true })
    },
  }
}

interface Subject {
  name: string
  extensions: string[]
  issuer?: string
  algorithm?: 'rsa' | 'ec'
  days?: number
  subject?: string
}

function keyArguments(algorithm: 'rsa' | 'ec', path: string): string[] {
  const kind = algorithm === 'rsa' ? ['RSA', '-pkeyopt', 'rsa_keygen_bits:2048'] : ['EC', '-pkeyopt', 'ec_paramgen_curve:P-256']
  return ['genpkey', '-algorithm', ...kind, '-out', path]
}

const tsaConfig = `[tsa]
serial = serial
crypto_device = builtin
signer_cert = tsa.crt
certs = tsa-root.crt
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
digests = sha256, sha384, sha512
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
`

function timeStampServer(authority: TimeStampAuthority, served: Parameters<OpensslAuthority['serve']>[0] & object): Server {
  const expected = served.basic && `Basic ${Buffer.from(`${served.basic.user}:${served.basic.password}`).toString('base64')}`
  return createServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    if (expected !== undefined && request.headers.authorization !== expected) {
      response.writeHead(401).end()
    } else if (request.method !== 'POST' || request.headers['content-type'] !== 'application/timestamp-query') {
      response.writeHead(415).end()
    } else {
      const answer = await authority.respond(Buffer.concat(pieces))
      response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(served.answer?.(answer) ?? answer)
    }
  })
}
