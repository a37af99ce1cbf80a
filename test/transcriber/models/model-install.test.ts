import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findModel, inspectModel } from '../../../transcriber/models/model-folder.ts'
import { installModel, ModelDownloadError } from '../../../transcriber/models/model-install.ts'
import { type KnownModel, readModelLock } from '../../../transcriber/models/model-lock.ts'
import { ModelMissingError, ModelRefusedError } from '../../../transcriber/whisper-file.ts'

const bytes = randomBytes(300_000)
const folders: string[] = []
const closers: (() => Promise<void>)[] = []
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'escano-models-'))
  folders.push(folder)
})

afterEach(async () => {
  for (const close of closers.splice(0)) await close()
  for (const one of folders.splice(0)) await rm(one, { recursive: true, force: true })
})

/** A server whose answer to each request is told, with the ranges that were asked for. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse, count: number) => void) {
  const ranges: (string | undefined)[] = []
  const server = createServer((request, response) => {
    ranges.push(request.headers.range)
    answer(request, response, ranges.length)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => new Promise((resolve) => server.close(() => resolve())))
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/model.bin`, ranges }
}

/** Sends what was asked for, as a server that knows ranges does. */
function sendAsked(request: IncomingMessage, response: ServerResponse, from: Uint8Array = bytes): void {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
  if (start > 0) response.writeHead(206, { 'content-range': `bytes ${start}-${from.byteLength - 1}/${from.byteLength}` })
  response.end(from.subarray(start))
}

function sendHalfAndDie(response: ServerResponse): void {
  response.writeHead(200, { 'content-length': bytes.byteLength })
  response.write(bytes.subarray(0, 150_000), () => setTimeout(() => response.destroy(), 50))
}

function entry(address: string | null, of: Uint8Array = bytes): KnownModel {
  const sha256 = createHash('sha256').update(of).digest('hex')
  return {
    name: 'a-model',
    kind: 'recognition',
    file: 'a-model.bin',
    bytes: of.byteLength,
    sha256,
    licence: 'MIT',
    languages: ['gl'],
    address,
    window: 'full',
    prompt: true,
  }
}

test('a model is fetched, hashed and lies under its name; a second install does not ask again', async () => {
  const { address, ranges } = await serve((request, response) => sendAsked(request, response))
  const wanted = entry(address)
  const seen: number[] = []
  expect(await installModel(wanted, { folder, onProgress: (done) => seen.push(done) })).toEqual({
    path: join(folder, 'a-model.bin'),
    already: false,
  })
  expect(Buffer.compare(await readFile(join(folder, 'a-model.bin')), bytes)).toBe(0)
  expect(seen.at(-1)).toBe(bytes.byteLength)
  expect((await installModel(wanted, { folder })).already).toBe(true)
  expect(ranges).toEqual([undefined])
  expect(await readdir(folder)).toEqual(['a-model.bin'])
})

test('a transfer that breaks off goes on from the byte where it ended', async () => {
  const { address, ranges } = await serve((request, response, count) =>
    count === 1 ? sendHalfAndDie(response) : sendAsked(request, response),
  )
  const { path } = await installModel(entry(address), { folder, retryMs: 1 })
  expect(ranges).toEqual([undefined, 'bytes=150000-'])
  expect(Buffer.compare(await readFile(path), bytes)).toBe(0)
})

test('after the last try the part is kept, and the next install goes on from it', async () => {
  const broken = await serve((_request, response) => sendHalfAndDie(response))
  await expect(installModel(entry(broken.address), { folder, retries: 0 })).rejects.toThrow(ModelDownloadError)
  expect(await readdir(folder)).toEqual(['a-model.bin.part'])
  const whole = await serve((request, response) => sendAsked(request, response))
  await installModel(entry(whole.address), { folder })
  expect(whole.ranges).toEqual(['bytes=150000-'])
})

test('a server that knows no ranges starts over and the bytes are still right', async () => {
  const { address } = await serve((_request, response, count) => (count === 1 ? sendHalfAndDie(response) : response.end(bytes)))
  const { path } = await installModel(entry(address), { folder, retryMs: 1 })
  expect(Buffer.compare(await readFile(path), bytes)).toBe(0)
})

test('other bytes of the right length are refused and removed', async () => {
  const { address } = await serve((request, response) => sendAsked(request, response, randomBytes(bytes.byteLength)))
  await expect(installModel(entry(address), { folder })).rejects.toThrow(ModelRefusedError)
  expect(await readdir(folder)).toEqual([])
})

test('a body without end is refused as soon as it is longer than the model', async () => {
  const { address } = await serve((_request, response) => {
    response.writeHead(200)
    const more = () => !response.destroyed && response.write(randomBytes(65_536), more)
    more()
  })
  await expect(installModel(entry(address), { folder, retries: 0 })).rejects.toThrow(/sends more than the 300000 bytes/)
})

test('an address that does not have it is told at once, without trying again', async () => {
  const { address, ranges } = await serve((_request, response) => response.writeHead(404).end())
  await expect(installModel(entry(address), { folder })).rejects.toThrow(/answers 404/)
  expect(ranges).toHaveLength(1)
})

test('a model without an address asks for its file, and a file with other bytes is refused', async () => {
  await expect(installModel(entry(null), { folder })).rejects.toThrow(/--from FILE/)
  const file = join(folder, 'given')
  await writeFile(file, bytes)
  await installModel(entry(null), { folder, from: file })
  expect((await inspectModel(entry(null), folder)).state).toBe('present')
  await writeFile(file, bytes.subarray(1))
  const other = await mkdtemp(join(tmpdir(), 'escano-models-'))
  folders.push(other)
  await expect(installModel(entry(null), { folder: other, from: file })).rejects.toThrow(ModelRefusedError)
})

test('the models of models.lock.json that are carried are what it says they are', async () => {
  const carried = (await readModelLock()).filter((one) => one.carried !== undefined)
  expect(carried.map((one) => one.name)).toEqual(['escano-fixture-whisper', 'silero-vad'])
  for (const one of carried) expect((await findModel(one.name, { folder })).sha256).toBe(one.sha256)
})

test('a model with one byte changed is not found, it is refused; one that is not there is missing', async () => {
  const wanted = entry(null)
  await expect(findModel('a-model', { folder, lock: [wanted] })).rejects.toThrow(ModelMissingError)
  const changed = Buffer.from(bytes)
  changed[1000] = (changed[1000] ?? 0) ^ 1
  await writeFile(join(folder, 'a-model.bin'), changed)
  await expect(findModel('a-model', { folder, lock: [wanted] })).rejects.toThrow(ModelRefusedError)
  await expect(findModel('another', { folder, lock: [wanted] })).rejects.toThrow(/no model is called another/)
})

test('a model of which no hash is known is named, and neither installed nor taken', async () => {
  const nameless = { ...entry('http://127.0.0.1:1/x'), bytes: null, sha256: null, note: 'Convert it.' }
  await writeFile(join(folder, 'a-model.bin'), bytes)
  await expect(installModel(nameless, { folder })).rejects.toThrow(/no hash is known of the model a-model.* Convert it\./)
  await expect(findModel('a-model', { folder, lock: [nameless] })).rejects.toThrow(/no hash is known/)
  expect((await inspectModel(nameless, folder)).state).toBe('unknown')
})

test('every model of models.lock.json has bytes and hash, or says why not; only one that was measured looks at less than its window', async () => {
  const lock = await readModelLock()
  expect(new Set(lock.map((one) => one.name)).size).toBe(lock.length)
  for (const one of lock) if (one.sha256 === null || one.address === null) expect(one.note ?? one.carried).toBeTruthy()
  expect(lock.filter((one) => one.window === 'chunk').map((one) => one.name)).toEqual(['escano-fixture-whisper'])
})
