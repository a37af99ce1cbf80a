import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rereadBuffer } from '../../transcriber/reread-buffer.ts'
import { temporaryFolder } from './sample-audio.ts'

test('a file of any length is read into one and the same memory, every byte of it once and in order', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'sound.s16le')
  const bytes = Buffer.from(Uint32Array.from({ length: 100_000 }, (_, i) => i).buffer)
  await writeFile(path, bytes)
  const [memories, kept, lengths] = [new Set<ArrayBufferLike>(), [] as Buffer[], [] as number[]]
  for await (const piece of rereadBuffer(path, 6, 300_006)) {
    memories.add(piece.buffer)
    lengths.push(piece.length)
    kept.push(Buffer.from(piece))
  }
  expect(lengths.length).toBeGreaterThan(4)
  expect(memories.size).toBe(1)
  expect(Buffer.concat(kept).equals(bytes.subarray(6, 300_006))).toBe(true)
})

test('beyond the end of the file there is nothing, and of nothing there is no piece', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'sound.s16le')
  await writeFile(path, Buffer.alloc(1000, 7))
  const read = async (start: number, end: number) => {
    let sum = 0
    for await (const piece of rereadBuffer(path, start, end)) sum += piece.length
    return sum
  }
  expect([await read(0, 5000), await read(2000, 5000), await read(10, 10)]).toEqual([1000, 0, 0])
})
