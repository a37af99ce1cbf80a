import type { Language } from '../../storage/model/council.ts'
import { type CouncilId, newId } from '../../storage/model/ids.ts'
import type { Session } from '../../storage/model/session.ts'
import { examineBroughtFile } from '../../storage/programs/brought-file.ts'
import type { Ffmpeg } from '../../storage/programs/ffmpeg.ts'
import { MediaUnreadableError } from '../../storage/programs/probe-media.ts'
import { writeAudit } from '../../storage/records/audit.ts'
import type { Tx } from '../../storage/records/database.ts'
import { listImports, putImport, type RecordingImport } from '../../storage/records/imports.ts'
import { lockList } from '../../storage/records/row-lock.ts'
import { putSession } from '../../storage/records/sessions.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Upload, UploadStore } from '../../storage/uploads/upload-store.ts'
import { councilOf } from '../council-of-request.ts'
import { newSession } from '../prepare/session-acts.ts'
import { sessionProblems } from '../prepare/session-routes.tsx'
import { readSurroundings } from '../prepare/session-view.ts'
import { staffOf } from '../sign-in/staff-of-request.ts'
import { visitorOf } from '../visitor.ts'
import type { WebParts } from '../web-parts.ts'
import { prepareSessionWords } from '../words/prepare-words.ts'
import { refused, type UploadTaking } from './upload-routes.ts'

/** Who brings a file, and in which language a mistake is told. */
export interface Bringer {
  receivedBy: RecordingImport['receivedBy']
  language: Language
}

/** Where files are taken: of the web's parts, so that a command can take them too. */
interface Taker {
  storage: Storage
  ffmpeg: Ffmpeg
  store: UploadStore
}

export function recordingTaking(parts: WebParts, store: UploadStore): UploadTaking {
  const taker = { storage: parts.storage, ffmpeg: parts.minutes.ffmpeg, store }
  return {
    store,
    admit: (request, fields) => admitRecording(taker, councilOf(request).id, fields, visitorOf(request).language),
    take: async (request, upload) => {
      const { account, name, role } = staffOf(request)
      await takeRecording(taker, upload, { receivedBy: { account, name, role }, language: visitorOf(request).language })
    },
  }
}

/** Whether what is told of a plenary would do, before a byte of its recording comes. @throws RefusedError */
export async function admitRecording(
  { storage }: Pick<Taker, 'storage'>,
  council: CouncilId,
  fields: Record<string, string>,
  language: Language,
): Promise<void> {
  await storage.database.inCouncil(council, (tx) => sessionOf(tx, fields, language))
}

/**
 * A whole file that is sound or picture becomes a session, its import and the work of reading it, in one transaction. Twice is once.
 * @returns the session; undefined when the file had been taken before
 * @throws RefusedError it is not taken, and a file that is no media is forgotten
 */
export async function takeRecording(taker: Taker, upload: Upload, bringer: Bringer): Promise<Session | undefined> {
  const { database, jobs } = taker.storage
  const { council } = upload
  const isTaken = async (tx: Tx) => (await listImports(tx)).some((one) => one.upload === upload.id)
  if (await database.inCouncil(council, isTaken)) return undefined
  await examine(taker, upload)
  return database.inCouncil(council, async (tx) => {
    await lockList(tx, 'sessions')
    if (await isTaken(tx)) return undefined
    const session = await sessionOf(tx, upload.fields, bringer.language)
    await putSession(tx, session)
    const { receivedBy } = bringer
    const file = { name: fileNameOf(upload), bytes: upload.sizeBytes }
    await putImport(tx, { session: session.id, upload: upload.id, receivedAtMs: Date.now(), receivedBy, file, delivered: false })
    await writeAudit(tx, { by: receivedBy.account, action: 'recording-import', object: `session ${session.id}`, result: 'received' })
    await jobs.send('recording.import', { council, session: session.id }, { tx })
    return session
  })
}

async function examine({ ffmpeg, store }: Taker, upload: Upload): Promise<void> {
  try {
    await examineBroughtFile(ffmpeg, store.path(upload))
  } catch (error) {
    if (!(error instanceof MediaUnreadableError)) throw error
    await store.remove(upload)
    throw refused(422, (words) => words.refusals.notMedia)
  }
}

/** The plenary that a file is of, as it was told. @throws RefusedError */
async function sessionOf(tx: Tx, fields: Record<string, string>, language: Language): Promise<Session> {
  const words = prepareSessionWords[language]
  try {
    const session = newSession({ call: '1', recorded: 'yes', ...fields }, await readSurroundings(tx, words))
    if (session.convenedFor > Date.now()) throw refused(422, (said) => said.refusals.future)
    return { ...session, agenda: [], imported: true }
  } catch (error) {
    const problems = sessionProblems(error, words)
    if (!problems) throw error
    throw refused(422, (said) => said.refusals.fields(problems.join(' ')))
  }
}

/** As the person's machine calls it, without what would lead out of a folder or break a line. */
function fileNameOf(upload: Upload): string {
  const name = (upload.fields['filename'] ?? '')
    .replace(/^.*[\\/]/, '')
    .replace(/\p{Cc}/gu, '')
    .trim()
  return name.slice(0, 255) || newId()
}
