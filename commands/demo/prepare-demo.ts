import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { createNoteSigner, openNoteSigner } from '../../minutes/signature/key-store.ts'
import { type Enrolment, enrolment } from '../../recorder/control-protocol.ts'
import { logOrigin } from '../../storage/custody/log.ts'
import { toBase64 } from '../../storage/custody/sha256.ts'
import type { Council } from '../../storage/model/council.ts'
import { newId, recorderId } from '../../storage/model/ids.ts'
import { writeDurably } from '../../storage/programs/durable-file.ts'
import { findAccount, putAccount } from '../../storage/records/accounts.ts'
import { putCouncil, readCouncil } from '../../storage/records/councils.ts'
import { enrolRecorder } from '../../storage/records/recorders.ts'
import type { Storage } from '../../storage/storage.ts'
import { hashPassword } from '../../web/sign-in/password-hash.ts'
import { type InstallationKeys, trustDemo } from '../installation-keys.ts'
import { isThere } from '../is-there.ts'
import { demoCalendar, demoCouncil, demoSlug } from './demo-council.ts'

/** Accounts that exist only in the demo council; their passwords are made here and kept beside the keys. */
const accountsFile = z.array(
  z.object({ login: z.string(), password: z.string(), role: z.enum(['secretary', 'mayor', 'member']), speaker: z.string() }),
)
export type DemoAccount = z.infer<typeof accountsFile>[number]

export interface PreparedDemo {
  council: Council
  slug: string
  accounts: DemoAccount[]
  enrolment: Enrolment
  /** Files that the recorder of the demo's chamber reads. */
  enrolmentPath: string
  keyPath: string
}

const people = [
  { login: 'secretaria', role: 'secretary', speaker: 'secretaria' },
  { login: 'alcaldesa', role: 'mayor', speaker: 'alcaldesa' },
  { login: 'castro', role: 'member', speaker: 'castro' },
] as const

/**
 * The demo council with its test authority, its accounts and its enrolled recorder: made the first time, found again at the next.
 * @param server address that the recorder dials
 */
export async function prepareDemo(storage: Storage, keys: InstallationKeys, server: string): Promise<PreparedDemo> {
  const council = await openCouncil(storage)
  const folder = join(keys.folder, council.dir3)
  await keys.sealsOf(council)
  const accounts = await openAccounts(storage, council, join(folder, 'accounts.json'))
  const recorder = await openRecorder(storage, council, folder, server)
  await trustDemo(keys, council, recorder.publicKey)
  return {
    council,
    slug: demoSlug,
    accounts,
    enrolment: recorder.enrolment,
    enrolmentPath: recorder.enrolmentPath,
    keyPath: recorder.keyPath,
  }
}

async function openCouncil(storage: Storage): Promise<Council> {
  const known = (await storage.database.directory()).find((one) => one.demo)
  if (known) {
    const council = await storage.database.inCouncil(known.id, readCouncil)
    if (council) return council
  }
  const council = { ...demoCouncil(), ...demoCalendar }
  await storage.database.inCouncil(council.id, (tx) => putCouncil(tx, council, demoSlug))
  return council
}

async function openAccounts(storage: Storage, council: Council, path: string): Promise<DemoAccount[]> {
  const known = await readJson(path, accountsFile)
  const accounts = known ?? people.map((one) => ({ ...one, password: randomBytes(6).toString('base64url') }))
  if (!known) await writeDurably(path, JSON.stringify(accounts), { mode: 0o600 })
  for (const { login, password, role, speaker } of accounts) {
    const member = council.members.find((one) => one.speaker === speaker)
    const there = await storage.database.inCouncil(council.id, (tx) => findAccount(tx, login))
    // A lost keys folder is a lost password: the account gets the new one.
    if (!member || (there && known)) continue
    const passwordHash = await hashPassword(password)
    const name = `${member.name} ${member.surname}`
    await storage.database.inCouncil(council.id, (tx) =>
      putAccount(tx, { id: there?.id ?? newId(), login, name, role, member: member.id, passwordHash }),
    )
  }
  return accounts
}

async function openRecorder(storage: Storage, council: Council, folder: string, server: string) {
  const enrolmentPath = join(folder, 'recorder.json')
  const keyPath = join(folder, 'recorder.key')
  const origin = logOrigin(council.dir3)
  const key = (await isThere(keyPath)) ? await openNoteSigner(keyPath, origin) : await createNoteSigner(keyPath, origin)
  const known = await readJson(enrolmentPath, enrolment)
  const recorder = known?.recorder ?? recorderId.parse(newId())
  const enrolled = enrolment.parse({ recorder, council: council.id, dir3: council.dir3, server })
  await writeDurably(enrolmentPath, JSON.stringify(enrolled), { mode: 0o600 })
  const row = { id: recorder, name: 'Salón de sesións', publicKeyBase64: toBase64(key.publicKey) }
  await storage.database.inCouncil(council.id, (tx) => enrolRecorder(tx, row))
  return { enrolment: enrolled, enrolmentPath, keyPath, publicKey: key.publicKey }
}

async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  return (await isThere(path)) ? schema.parse(JSON.parse(await readFile(path, 'utf8'))) : undefined
}
