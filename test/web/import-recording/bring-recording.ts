import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import type { Session } from '../../../storage/model/session.ts'
import type { Ffmpeg } from '../../../storage/programs/ffmpeg.ts'
import { UploadStore } from '../../../storage/uploads/upload-store.ts'
import { takeRecording } from '../../../web/import-recording/take-recording.ts'
import type { TestStorage } from '../../servers/test-storage.ts'

/** A file that came whole and was taken as the plenary of a day; what reads it is another's. @param by account of who brings it */
export async function bringRecording(
  { storage, ffmpeg, uploads }: { storage: TestStorage; ffmpeg: Ffmpeg; uploads: string },
  { day, file, by }: { day: string; file: string; by: string },
): Promise<Session> {
  const store = new UploadStore(uploads)
  const bytes = await readFile(file)
  const fields = { day, time: '20:00', kind: 'ordinary', place: 'Salón', language: 'gl', filename: basename(file) }
  const upload = await store.create(storage.council.id, { sizeBytes: bytes.length, by, fields })
  const offset = await store.append(upload, 0, Readable.from([bytes]))
  const receivedBy = { account: by, name: 'Noela Lestrigo', role: 'secretary' }
  const session = await takeRecording({ storage, ffmpeg, store }, { ...upload, offset }, { receivedBy, language: 'gl' })
  if (session === undefined) throw new Error('it was taken before')
  return session
}
