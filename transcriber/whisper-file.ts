import { type FileHandle, open } from 'node:fs/promises'
import { basename } from 'node:path'
import { hashFile } from '../storage/programs/durable-file.ts'

/** No file where the model should be: the state «modelo sen instalar». */
export class ModelMissingError extends Error {
  override readonly name = 'ModelMissingError'
}

/** There is a file, and it is not to be used: another hash, cut short, no weights in it, or no whisper.cpp model at all. */
export class ModelRefusedError extends Error {
  override readonly name = 'ModelRefusedError'
}

/** A model file that was read through before anything loads it. */
export interface WhisperFile {
  path: string
  name: string
  sha256: string
  sizeBytes: number
}

/**
 * Admits a whisper.cpp (ggml) model: hash first, then a walk over its tensors, so that a file cut short is told as that and not met as
 * a crash. whisper.cpp itself accepts a file without weights and makes up text with it.
 * @throws ModelMissingError, ModelRefusedError
 */
export async function openModel(path: string, expectedSha256?: string): Promise<WhisperFile> {
  const file = await openFile(path)
  try {
    const { size } = await file.stat()
    const { sha256 } = await hashFile(path)
    if (expectedSha256 !== undefined && sha256 !== expectedSha256) {
      throw new ModelRefusedError(`the model ${path} has SHA-256 ${sha256}, expected ${expectedSha256}: another file, or a damaged one`)
    }
    const tensors = await walk(new Cursor(file, size, path))
    if (tensors === 0) throw new ModelRefusedError(`the model ${path} holds no weights: it is a stub for tests and would make up text`)
    return { path, name: basename(path).replace(/\.bin$/, ''), sha256, sizeBytes: size }
  } finally {
    await file.close()
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, 'r')
    if ((await file.stat()).isFile()) return file
    await file.close()
  } catch (error) {
    throw new ModelMissingError(`no recognition model at ${path}; install one with "escano models install"`, { cause: error })
  }
  throw new ModelMissingError(`${path} is no file; install a model with "escano models install"`)
}

/** Number of tensors. Layout: whisper.cpp's `whisper_model_load`. */
async function walk(at: Cursor): Promise<number> {
  if ((await at.uint()) !== 0x67676d6c) throw new ModelRefusedError(`${at.path} is no whisper.cpp model: it does not begin with "ggml"`)
  at.skip(11 * 4)
  const mels = await at.uint()
  at.skip(mels * (await at.uint()) * 4)
  const words = await at.uint()
  for (let i = 0; i < words; i++) at.skip(await at.uint())
  let tensors = 0
  for (; !at.atEnd(); tensors++) {
    const dimensions = await at.uint()
    const nameBytes = await at.uint()
    const type = await at.uint()
    if (dimensions > 4 || nameBytes > 256) throw new ModelRefusedError(`${at.path} is damaged: tensor ${tensors + 1} makes no sense`)
    let elements = 1
    for (let i = 0; i < dimensions; i++) elements *= await at.uint()
    at.skip(nameBytes + tensorBytes(type, elements, at.path))
  }
  return tensors
}

/** Elements and bytes of a block, by ggml type number. */
const blocks: Record<number, [number, number]> = {
  0: [1, 4],
  1: [1, 2],
  2: [32, 18],
  3: [32, 20],
  6: [32, 22],
  7: [32, 24],
  8: [32, 34],
  10: [256, 84],
  11: [256, 110],
  12: [256, 144],
  13: [256, 176],
  14: [256, 210],
}

function tensorBytes(type: number, elements: number, path: string): number {
  const block = blocks[type]
  if (block === undefined) throw new ModelRefusedError(`${path} holds weights of type ${type}, which is not known here`)
  return Math.ceil(elements / block[0]) * block[1]
}

/** Reads numbers through a window of the file and jumps over the rest. */
class Cursor {
  readonly path: string
  readonly #file: FileHandle
  readonly #size: number
  readonly #window = Buffer.alloc(64 * 1024)
  #windowAt = -1
  #windowBytes = 0
  #at = 0

  constructor(file: FileHandle, size: number, path: string) {
    this.#file = file
    this.#size = size
    this.path = path
  }

  atEnd(): boolean {
    return this.#at === this.#size
  }

  skip(bytes: number): void {
    this.#at += bytes
    if (this.#at > this.#size) {
      throw new ModelRefusedError(`the model ${this.path} is cut short: it has ${this.#size} bytes and needs at least ${this.#at}`)
    }
  }

  async uint(): Promise<number> {
    const from = this.#at
    this.skip(4)
    if (this.#windowAt < 0 || from < this.#windowAt || from + 4 > this.#windowAt + this.#windowBytes) {
      this.#windowBytes = (await this.#file.read(this.#window, 0, this.#window.length, from)).bytesRead
      this.#windowAt = from
    }
    return this.#window.readUInt32LE(from - this.#windowAt)
  }
}
