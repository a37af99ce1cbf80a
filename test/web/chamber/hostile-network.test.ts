import { generateKeyPairSync } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoCouncil } from '../../../commands/demo/demo-council.ts'
import { recordedSession, sampleAgenda } from '../../../commands/demo/demo-script.ts'
import { openAgentIdentity } from '../../../recorder/agent-identity.ts'
import type { ProofOfLife } from '../../../recorder/control-protocol.ts'
import { newId, recorderId } from '../../../storage/model/ids.ts'
import { runProgram } from '../../../storage/programs/run-program.ts'
import { ChamberBook } from '../../../web/chamber/chamber-book.ts'
import { chamberEntry, type SyncAnswer, signatureHeader } from '../../../web/chamber/chamber-protocol.ts'
import type { ChamberRecorder } from '../../../web/chamber/chamber-recorder.ts'
import { type ChamberServer, startChamberServer } from '../../../web/chamber/chamber-server.ts'
import { ChamberKeyError, openAuthority } from '../../../web/chamber/local-authority.ts'
import { ensurePages } from '../../../web/pages.ts'
import { hashPassword } from '../../../web/sign-in/password-hash.ts'
import { freePort } from '../../servers/free-port.ts'
import { type Answer, type Asked, askChamber, nonceOf, tellPin } from './chamber-client.ts'
import { makeTablet } from './chamber-tablet.ts'
import { notedActs } from './noted-acts.ts'

const pin = '481516'

/** The page of a chamber whose server is away, in the network where anybody may be. */
describe('the chamber page in a hostile network', () => {
  const council = demoCouncil()
  let folder: string
  let server: ChamberServer
  let room: string
  let tablet: Awaited<ReturnType<typeof makeTablet>>
  let session: SyncAnswer['sessions'][number]['session']
  const commands: string[] = []
  const proof = { state: 'idle', mediaMs: 0, atWallMs: 0, speed: 0, provenMs: 0 } as ProofOfLife
  const note = (name: string) => async () => void commands.push(name)
  const recorder: ChamberRecorder = {
    ...notedActs(note),
    ...{ proof: { session: undefined, proof }, preview: undefined, isLinked: false, onProof: () => () => undefined },
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'escano-hostile-'))
    tablet = await makeTablet()
    const agenda = sampleAgenda.parse(JSON.parse(await readFile('test/fixtures/sample-session/agenda.json', 'utf8')))
    session = recordedSession(council, agenda, Date.now())
    room = `/c/vilarino/sala/${session.slug}`
    const own = { id: tablet.id, key: tablet.key, pinHash: await hashPassword(pin), account: newId(), person: 'Noela' }
    const known: SyncAnswer = {
      ...{ serverMs: Date.now(), slug: 'vilarino', council },
      sessions: [{ session, stage: 'prepared', microphones: false, rows: [], closedMarks: [] }],
      tablets: [{ ...own, by: { role: 'secretary', id: newId() } }],
    }
    await mkdir(join(folder, 'book'), { recursive: true })
    await writeFile(join(folder, 'book/known.json'), JSON.stringify(known))
    const keyFile = join(folder, 'recorder.key')
    await writeFile(keyFile, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
    const away = `http://127.0.0.1:${await freePort()}`
    const enrolment = { recorder: recorderId.parse(newId()), council: council.id, dir3: council.dir3, server: away }
    const identity = await openAgentIdentity(enrolment, keyFile)
    server = await startChamberServer({
      identity,
      recorder,
      pages: await ensurePages(),
      folder,
      host: '127.0.0.1',
      port: 0,
      onTrouble: () => undefined,
    })
  })
  afterAll(async () => {
    await server[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  const ask = (path: string, of: Asked = {}) => askChamber(server, path, of)
  const nonce = () => nonceOf(server)

  async function enter(given: { pin?: string; nonce?: string; signer?: typeof tablet; id?: string } = {}): Promise<Answer> {
    const { signer = tablet, id = tablet.id } = given
    return await tellPin(server, { tablet: id, pin: given.pin ?? pin, nonce: given.nonce ?? (await nonce()), signer })
  }

  async function signedIn(): Promise<string> {
    const { status, cookie = '' } = await enter()
    expect(status).toBe(200)
    expect(cookie).toMatch(/^__Host-escano-sala=.+; Path=\/; HttpOnly; Secure; SameSite=Strict$/)
    return cookie.split(';')[0] ?? ''
  }

  async function command(cookie: string, of: { id?: string; action?: string; signer?: typeof tablet; session?: string } = {}) {
    const body = JSON.stringify({ id: of.id ?? newId(), action: of.action ?? 'pause' })
    const signature = await (of.signer ?? tablet).sign('command', of.session ?? session.id, body)
    return { status: (await ask(`${room}/gravador`, { body, headers: { Cookie: cookie, [signatureHeader]: signature } })).status, body }
  }

  test('answers only to its own names, and is changed only from its own pages', async () => {
    const pretend = [
      { Host: 'evil.example' },
      { Host: `evil.example:${server.port}` },
      { Host: `127.0.0.1.evil.example:${server.port}` },
      { Host: 'localhost' },
    ]
    for (const headers of pretend) expect((await ask(room, { headers })).status).toBe(421)
    const cookie = await signedIn()
    for (const origin of ['https://evil.example', `http://localhost:${server.port}`, 'null'])
      expect((await ask(`${room}/gravador`, { body: '{}', headers: { Origin: origin, Cookie: cookie } })).status).toBe(403)
    expect((await ask(room, { headers: { Origin: `https://localhost:${server.port}`, 'Sec-Fetch-Site': 'cross-site' } })).status).toBe(403)
  })

  test('leads nowhere that is not below its own address', async () => {
    for (const path of ['//evil.example/', '/\\evil.example/', '//evil.example/c/x/sala/y', 'https://evil.example/c/x/sala/y'])
      expect((await ask(path)).status, path).toBe(400)
  })

  test('shows a stranger the door and nothing else: no agenda, no name, no proof, no picture', async () => {
    const page = await ask(room, { headers: { Accept: 'text/html' } })
    expect(page.status).toBe(401)
    expect(page.text).not.toContain(council.members[0]?.surname)
    expect(page.text).not.toContain(tablet.key)
    for (const path of ['marcas', 'estado', 'imaxe.jpg']) expect((await ask(`${room}/${path}`)).status).toBe(428)
    for (const path of ['marcas', 'gravador']) expect((await ask(`${room}/${path}`, { body: '{}' })).status).toBe(428)
    for (const path of ['/', '/c/vilarino/mesa', '/agent/chamber', '/sala-local/../book/known.json'])
      expect((await ask(path)).status).toBeGreaterThanOrEqual(400)
    expect(commands).toEqual([])
  })

  test('a PIN serves only with the key of its tablet, and a number that was signed serves once', async () => {
    const other = await makeTablet(tablet.id)
    expect(JSON.parse((await enter({ signer: other })).text)).toMatchObject({ reason: 'key' })
    expect(JSON.parse((await enter({ id: other.id.replace(/^./, '0').replace(/.$/, '0') })).text)).toMatchObject({ reason: 'unknown' })
    const used = await nonce()
    expect((await enter({ nonce: used })).status).toBe(200)
    expect(JSON.parse((await enter({ nonce: used })).text)).toMatchObject({ reason: 'nonce' })
    expect((await ask('/sala-local/pin', { body: 'no JSON' })).status).toBe(400)
  })

  test('obeys each command once, signed by the tablet for this session, and no stale one', async () => {
    const cookie = await signedIn()
    commands.length = 0
    const id = newId()
    expect((await command(cookie, { id })).status).toBe(202)
    expect((await command(cookie, { id })).status).toBe(202)
    expect(commands).toEqual(['pause'])
    expect((await command(cookie, { signer: await makeTablet() })).status).toBe(403)
    expect((await command(cookie, { session: newId() })).status).toBe(403)
    expect((await command(cookie, { id: newId(Date.now() - 10 * 60_000) })).status).toBe(409)
    expect((await command('', {})).status).toBe(428)
    expect((await command(cookie, { action: 'rm -rf' })).status).toBe(400)
    expect(commands).toEqual(['pause'])
    // Also by an agent that was started again: what it obeyed is on its disk, readable by itself alone.
    expect((await ChamberBook.open(join(folder, 'book'))).knowsCommand(id)).toBe(true)
    for (const name of await readdir(join(folder, 'book/entries'))) {
      const path = join(folder, 'book/entries', name)
      expect((await stat(path)).mode & 0o077).toBe(0)
      expect(chamberEntry.parse(JSON.parse(await readFile(path, 'utf8'))).tablet).toBe(tablet.id)
    }
  })

  test('a body larger than any evening is not read', async () => {
    const cookie = await signedIn()
    const answered = await ask(`${room}/marcas`, { body: 'x'.repeat(1_200_000), headers: { Cookie: cookie } }).catch(
      (cause: Error) => cause,
    )
    // Told, or cut off while it was still sending.
    expect(answered instanceof Error || answered.status === 413).toBe(true)
    expect((await ask(`${room}/estado`, { headers: { Cookie: cookie } })).status).toBe(200)
  })

  test('PINs cannot be tried for long', async () => {
    const answers: number[] = []
    for (let n = 0; n < 7; n++) answers.push((await enter({ pin: `00000${n}` })).status)
    expect(answers).toEqual([401, 401, 401, 401, 401, 401, 429])
    // Not even the right one, for a while.
    expect((await enter()).status).toBe(429)
  })
})

test('the authority of a chamber vouches for private addresses alone, says openssl, and keeps its key to itself', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'escano-authority-'))
  try {
    const authority = await openAuthority(join(folder, 'keys'), 'Escano, sala de proba')
    const keys = join(folder, 'keys/authority.json')
    expect((await stat(keys)).mode & 0o077).toBe(0)
    await writeFile(join(folder, 'ca.pem'), authority.pem)
    const verdict = async (...names: string[]) => {
      await writeFile(join(folder, 'leaf.pem'), (await authority.issue(names)).cert)
      const said = await runProgram('openssl', ['verify', '-CAfile', join(folder, 'ca.pem'), join(folder, 'leaf.pem')], {
        acceptedCodes: [0, 2],
      })
      return new TextDecoder().decode(said.stdout).includes(': OK')
    }
    expect(await verdict('localhost', '127.0.0.1', '192.168.1.20', '10.1.2.3', '172.16.0.9', 'sala.local')).toBe(true)
    for (const name of ['example.com', 'banco.gal', '8.8.8.8', '172.32.0.1']) expect(await verdict('localhost', name)).toBe(false)
    expect((await openAuthority(join(folder, 'keys'), 'outro')).pem).toBe(authority.pem)
    await chmod(keys, 0o644)
    await expect(openAuthority(join(folder, 'keys'), 'outro')).rejects.toThrow(ChamberKeyError)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
