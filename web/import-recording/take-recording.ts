import type { Request } from 'express'
import { newId } from '../../storage/model/ids.ts'
import type { Session } from '../../storage/model/session.ts'
import { examineBroughtFile } from '../../storage/programs/brought-file.ts'
import { MediaUnreadableError } from '../../storage/programs/probe-media.ts'
import { writeAudit } from '../../storage/records/audit.ts'
import type { Tx } from '../../storage/records/database.ts'
import { listImports, putImport } from '../../storage/records/imports.ts'
import { lockList } from '../../storage/records/row-lock.ts'
import { putSession } from '../../storage/records/sessions.ts'
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

/** A whole file that is sound or picture becomes a session, its import and the work of reading it, in one transaction. */
export function recordingTaking(parts: WebParts, store: UploadStore): UploadTaking {
  return {
    store,
    admit: async (request, fields) => {
      await parts.storage.database.inCouncil(councilOf(request).id, (tx) => sessionOf(tx, request, fields))
    },
    take: async (request, upload) => {
      const { database, jobs } = parts.storage
      const taken = await database.inCouncil(upload.council, listImports)
      if (taken.some((one) => one.upload === upload.id)) return
      await examine(parts, store, upload)
      const { account, name, role } = staffOf(request)
      await database.inCouncil(upload.council, async (tx) => {
        await lockList(tx, 'sessions')
        if ((await listImports(tx)).some((one) => one.upload === upload.id)) return
        const session = await sessionOf(tx, request, upload.fields)
        await putSession(tx, session)
        const file = { name: fileNameOf(upload), bytes: upload.sizeBytes }
        const receivedBy = { account, name, role }
        await putImport(tx, { session: session.id, upload: upload.id, receivedAtMs: Date.now(), receivedBy, file, delivered: false })
        await writeAudit(tx, { by: account, action: 'recording-import', object: `session ${session.id}`, result: 'received' })
        await jobs.send('recording.import', { council: upload.council, session: session.id }, { tx })
      })
    },
  }
}

async function examine(parts: WebParts, store: UploadStore, upload: Upload): Promise<void> {
  try {
    await examineBroughtFile(parts.minutes.ffmpeg, store.path(upload))
  } catch (error) {
    if (!(error instanceof MediaUnreadableError)) throw error
    await store.remove(upload)
    throw refused(422, (words) => words.refusals.notMedia)
  }
}

/** The plenary that a file is of, as it was told. @throws RefusedError */
async function sessionOf(tx: Tx, request: Request, fields: Record<string, string>): Promise<Session> {
  const words = prepareSessionWords[visitorOf(request).language]
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
