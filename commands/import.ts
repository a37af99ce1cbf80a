import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { basename, resolve } from 'node:path'
import type { Council } from '../storage/model/council.ts'
import type { CouncilId } from '../storage/model/ids.ts'
import { examineBroughtFile } from '../storage/programs/brought-file.ts'
import { findFfmpeg } from '../storage/programs/ffmpeg.ts'
import { readCouncil } from '../storage/records/councils.ts'
import type { Storage } from '../storage/storage.ts'
import { type Upload, UploadStore, UploadTooLargeError } from '../storage/uploads/upload-store.ts'
import { uploadsFolder } from '../web/config.ts'
import { RefusedError } from '../web/error-response.ts'
import { admitRecording, takeRecording } from '../web/import-recording/take-recording.ts'
import { fileSize } from '../web/words/dates.ts'
import { commonWords, importWords } from '../web/words/words.ts'
import { parseArguments, UsageError } from './arguments.ts'
import type { CommandIo } from './command-io.ts'
import { openBesideServer } from './open-beside-server.ts'
import { importCommandEs } from './words/import-es.ts'
import { importCommandGl } from './words/import-gl.ts'

const options = {
  day: { type: 'string' },
  time: { type: 'string', default: '20:00' },
  kind: { type: 'string', default: 'ordinary' },
  place: { type: 'string' },
  language: { type: 'string' },
  council: { type: 'string' },
} as const

/**
 * `escano import FILE --day AAAA-MM-DD`: an old recording that lies on this machine becomes a session, as one that is uploaded does, without a
 * browser. The file is copied, not moved; the running Escano reads it. `--json`: `{session, slug, file, bytes}`. Stopped by a signal
 * it leaves nothing; killed, an unfinished upload that its page lists and that goes after seven days.
 */
export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArguments(args, { options, places: { required: ['FILE'] } })
  const { day } = values
  if (day === undefined) throw new UsageError((all) => all.usage.missing('--day'))
  const words = io.language === 'es' ? importCommandEs : importCommandGl
  const path = resolve(io.cwd, positionals[0] ?? '')
  const { size } = await stat(path)
  const ffmpeg = await findFfmpeg(io.env)
  await examineBroughtFile(ffmpeg, path)
  await using storage = await openBesideServer(io)
  const council = await councilOf(storage, values.council, words)
  const { time, kind, place = council.room, language = council.languages[0] ?? 'gl' } = values
  const fields = { day, time, kind, place, language, filename: basename(path) }
  const store = new UploadStore(uploadsFolder(io.env))
  const session = await asUsage(io, size, async () => {
    await admitRecording({ storage }, council.id, fields, io.language)
    const { username } = userInfo()
    const upload = await store.create(council.id, { sizeBytes: size, by: username, fields })
    await copyInto(store, upload, path, io)
    const receivedBy = { account: `escano import (${username})`, name: username, role: 'technician' }
    const taken = takeRecording({ storage, ffmpeg, store }, { ...upload, offset: size }, { receivedBy, language: io.language })
    return taken.catch(async (error: unknown) => {
      await store.remove(upload)
      throw error
    })
  })
  if (session === undefined) return 1
  io.say(words.taken(council.name, session.slug))
  io.answer({ session: session.id, slug: session.slug, file: basename(path), bytes: size })
  return 0
}

/** The council that is named by its address, or the only one. */
async function councilOf(storage: Storage, slug: string | undefined, words: typeof importCommandGl): Promise<Council & { id: CouncilId }> {
  const listed = await storage.database.directory()
  const [found, ...more] = slug === undefined ? listed : listed.filter((one) => one.slug === slug)
  if (!found || more.length > 0) throw new UsageError(() => words.whichCouncil(listed.map((one) => one.slug)))
  const council = await storage.database.inCouncil(found.id, readCouncil)
  if (!council) throw new UsageError(() => words.whichCouncil(listed.map((one) => one.slug)))
  return council
}

async function copyInto(store: UploadStore, upload: Upload, path: string, io: CommandIo): Promise<void> {
  const words = io.language === 'es' ? importCommandEs : importCommandGl
  let copied = 0
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Uint8Array>) {
      io.signal.throwIfAborted()
      yield piece
      copied += piece.length
      io.progress(words.copying(fileSize(copied, io.language), fileSize(upload.sizeBytes, io.language)))
    }
  }
  try {
    const held = await store.append(upload, 0, pieces())
    if (held !== upload.sizeBytes) throw new UsageError(() => words.changed)
  } catch (error) {
    await store.remove(upload)
    throw error
  }
}

/** What the web refuses with a sentence is wrong use here. */
async function asUsage<T>(io: CommandIo, neededBytes: number, work: () => Promise<T>): Promise<T> {
  const { language } = io
  try {
    return await work()
  } catch (error) {
    if (error instanceof RefusedError) throw new UsageError(() => error.say(commonWords[language], language), error)
    if (!(error instanceof UploadTooLargeError)) throw error
    const sizes = [fileSize(neededBytes, language), fileSize(error.freeBytes, language)] as const
    throw new UsageError(() => importWords[language].refusals.room(...sizes), error)
  }
}
