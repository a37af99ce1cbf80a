import { type FileHandle, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { canonicalJson } from '../storage/custody/canonical-json.ts'
import { appendDurably, syncFolder } from '../storage/programs/durable-file.ts'

/** A file of canonical JSON lines that only grows. A line is on the disk before `append` returns; a torn last line is cut off at opening. */
export class JsonLinesFile implements AsyncDisposable {
  readonly #file: FileHandle
  /** Bytes of whole lines. */
  #end: number
  #last: Promise<unknown> = Promise.resolve()
  private constructor(file: FileHandle, end: number) {
    this.#file = file
    this.#end = end
  }

  /** Opens or makes the file. @returns the file and the bytes of its whole lines */
  static async open(path: string): Promise<{ file: JsonLinesFile; bytes: Uint8Array }> {
    const file = await open(path, 'a', 0o600)
    try {
      const bytes = await readFile(path)
      const end = bytes.lastIndexOf(0x0a) + 1
      // A power cut in the middle of an append: the line was never promised to anybody.
      if (end < bytes.length) {
        await file.truncate(end)
        await file.sync()
      }
      await syncFolder(dirname(path))
      return { file: new JsonLinesFile(file, end), bytes: bytes.subarray(0, end) }
    } catch (error) {
      await file.close()
      throw error
    }
  }

  /** Appends one value as a line, after all that were asked before. */
  append(value: unknown): Promise<void> {
    const bytes = Buffer.concat([canonicalJson(value), Uint8Array.of(0x0a)])
    const done = this.#last.then(() => this.#write(bytes))
    this.#last = done.catch(() => undefined)
    return done
  }

  /** A full disk takes half a line: it is cut off again, so that the next line does not grow onto it. */
  async #write(bytes: Uint8Array): Promise<void> {
    try {
      await appendDurably(this.#file, bytes)
      this.#end += bytes.byteLength
    } catch (error) {
      await this.#file.truncate(this.#end)
      throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last
    await this.#file.close()
  }
}

/** The values of whole lines. */
export function parseLines(bytes: Uint8Array): unknown[] {
  return new TextDecoder()
    .decode(bytes)
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line))
}
