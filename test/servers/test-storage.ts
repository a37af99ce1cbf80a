import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type StorageConfig, storageSettings } from '../../storage/config.ts'
import { type Council, council } from '../../storage/model/council.ts'
import { newId } from '../../storage/model/ids.ts'
import { type Session, session } from '../../storage/model/session.ts'
import { putCouncil } from '../../storage/records/councils.ts'
import { putSession } from '../../storage/records/sessions.ts'
import { openStorage, type Storage } from '../../storage/storage.ts'
import { copyTemplate } from './storage-template.ts'

/** A storage of its own in a temporary folder, with one council and one session in it. Disposing stops it and removes the folder. */
export interface TestStorage extends Storage {
  readonly config: StorageConfig
  readonly council: Council
  readonly session: Session
  /** What was reported of jobs and connections. */
  readonly reports: Error[]
}

export async function openTestStorage(changes: { publicUrl?: string; objects?: StorageConfig['objects'] } = {}): Promise<TestStorage> {
  const folder = await mkdtemp(join(tmpdir(), 'escano-test-'))
  const config = storageSettings.parse({
    data: join(folder, 'data'),
    database: { kind: 'embedded' },
    objects: changes.objects ?? { kind: 'disk' },
    publicUrl: changes.publicUrl ?? 'http://localhost:4680',
  })
  await copyTemplate(config.data, async (data) => await (await openStorage({ ...config, data }))[Symbol.asyncDispose]())
  const reports: Error[] = []
  const storage = await openStorage(config, { report: (error) => reports.push(error) })
  const ours = testCouncil()
  const first = testSession(ours)
  await storage.database.inCouncil(ours.id, async (tx) => {
    await putCouncil(tx, ours, 'proba')
    await putSession(tx, first)
  })
  return {
    ...storage,
    config,
    council: ours,
    session: first,
    reports,
    async [Symbol.asyncDispose]() {
      await storage[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A council of three invented members, two of them seated. */
export function testCouncil(changes: Partial<Council> = {}): Council {
  const people = ['Uxía Castro', 'Brais Souto', 'Iria Lema'].map((full, index) => {
    const [name, surname] = full.split(' ')
    const roles = index === 0 ? [{ office: 'mayor', from: '2023-06-17' }] : []
    return { id: newId(), name, surname, treatment: index === 1 ? 'Sr.' : 'Sra.', legal: true, roles, speaker: surname?.toLowerCase() }
  })
  return council.parse({
    id: newId(),
    name: 'Concello de Proba',
    dir3: `L01${randomBytes(3).toString('hex').toUpperCase()}`,
    legalNumber: 3,
    municipality: 'Proba',
    room: 'Salón de plenos',
    languages: ['gl', 'es'],
    demo: true,
    groups: [],
    members: people,
    seats: people.slice(0, 2).map((one, index) => ({ seat: index + 1, channel: index + 1, member: one.id, from: '2023-06-17' })),
    ...changes,
  })
}

export function testSession(of: Council, changes: Partial<Session> = {}): Session {
  return session.parse({
    id: newId(),
    council: of.id,
    kind: 'ordinary',
    call: 1,
    convenedFor: Date.UTC(2026, 9, 27, 18),
    actaNumber: 1,
    slug: '2026-10-27',
    place: of.room,
    agenda: [],
    ...changes,
  })
}
