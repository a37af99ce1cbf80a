import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ModelMissingError, ModelRefusedError, openModel } from '../../transcriber/whisper-file.ts'
import { sampleVideo, temporaryFolder, whisperModel } from './sample-audio.ts'

describe('model file', () => {
  test('the test model is admitted, with its hash', async () => {
    const { sha256, name } = await openModel(whisperModel)
    expect([name, sha256]).toEqual(['escano-fixture-whisper', '78569028c46659ea2ec32b3d37bd1b758a20a308dfae0d84eeb7a7f8c528f55d'])
  })

  test('another hash than expected is refused, with both', async () => {
    await expect(openModel(whisperModel, 'f'.repeat(64))).rejects.toThrow(/has SHA-256 78569028.*expected ffff/)
  })

  test('no file is the state "missing", not "refused"', async () => {
    await expect(openModel('/nowhere/model.bin')).rejects.toThrow(ModelMissingError)
    await expect(openModel(join(whisperModel, '..'))).rejects.toThrow(ModelMissingError)
  })

  test('a file that is no model is refused', async () => {
    await expect(openModel(sampleVideo)).rejects.toThrow(/does not begin with "ggml"/)
  })

  test('a model cut short anywhere is refused as that', async () => {
    await using folder = await temporaryFolder()
    const whole = await readFile(whisperModel)
    for (const bytes of [3, 40, 70_000, 600_000, whole.length - 1]) {
      const path = join(folder.path, `${bytes}.bin`)
      await writeFile(path, whole.subarray(0, bytes))
      await expect(openModel(path), `${bytes} bytes`).rejects.toThrow(ModelRefusedError)
      await expect(openModel(path), `${bytes} bytes`).rejects.toThrow(/cut short/)
    }
  })

  test('a model without weights is refused: whisper.cpp would make up text with it', async () => {
    await using folder = await temporaryFolder()
    const whole = await readFile(whisperModel)
    const header = 4 + 11 * 4
    const filters = 8 + whole.readUInt32LE(header) * whole.readUInt32LE(header + 4) * 4
    let at = header + filters + 4
    for (let i = whole.readUInt32LE(header + filters); i > 0; i--) at += 4 + whole.readUInt32LE(at)
    await writeFile(join(folder.path, 'stub.bin'), whole.subarray(0, at))
    await expect(openModel(join(folder.path, 'stub.bin'))).rejects.toThrow(/holds no weights/)
  })
})
