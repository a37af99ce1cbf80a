import type { Council } from '../../../storage/model/council.ts'
import { newId } from '../../../storage/model/ids.ts'
import type { SessionStage } from '../../../storage/model/session.ts'
import { putImport } from '../../../storage/records/imports.ts'
import { reportProgress } from '../../../storage/records/progress.ts'
import { putSession, setStage } from '../../../storage/records/sessions.ts'
import type { Storage } from '../../../storage/storage.ts'
import { withdrawImport } from '../../../web/import-recording/withdraw-import.ts'
import { testSession } from '../../servers/test-storage.ts'

/** Imports as a page may find them: done, being stored, being read, waiting, one that could not be read, and one that was withdrawn. */
export async function putBroughtRecordings(storage: Storage, council: Council): Promise<void> {
  const by = { account: newId(), name: 'Noela Lestrigo', role: 'secretary' }
  const put = (slug: string, file: string, more: { original?: string; problem?: string; delivered?: true; stage?: SessionStage } = {}) =>
    storage.database.inCouncil(council.id, async (tx) => {
      const convenedFor = Date.parse(`${slug}T19:00:00Z`)
      const session = { ...testSession(council, { slug, convenedFor }), agenda: [], imported: true as const }
      await putSession(tx, session)
      const told = { receivedAtMs: convenedFor + 9e10, receivedBy: by, file: { name: file, bytes: 3_214_567_890 }, delivered: false }
      const { stage, ...known } = more
      await putImport(tx, { session: session.id, upload: newId(), ...told, ...known })
      if (stage) await setStage(tx, session.id, stage)
      return session.id
    })
  const original = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
  await put('2009-05-07', 'Pleno maio (copia boa) definitivo.avi', { original, problem: 'ffmpeg ended before the file did' })
  const read = await put('2010-02-04', 'MVI_0231.MOV', { original })
  await storage.database.inCouncil(council.id, (tx) => reportProgress(tx, read, { step: 'import', done: 37, total: 100 }))
  await put('2010-03-04', 'Pleno marzo.mp4')
  await put('2007-10-04', 'pleno_outubro_2007.wmv', { original, stage: 'recording' })
  await put('2006-06-01', 'Cinta 14, cara B.mp3', { original, delivered: true, stage: 'draft' })
  const session = await put('2008-11-13', 'voda de Sabela.mp4', { original })
  await withdrawImport(storage, { council: council.id, session }, by)
}
