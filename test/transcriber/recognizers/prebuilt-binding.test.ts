import { describe, expect, test } from 'vitest'
import { BindingRecognizer, prebuiltBinding } from '../../../transcriber/recognizers/binding-recognizer.ts'
import { EngineRefusedError, NoEngineError } from '../../../transcriber/speech-recognizer.ts'
import { openModel } from '../../../transcriber/whisper-file.ts'
import { recognizerContract, testNiceness } from '../recognizer-contract.ts'
import { sampleVideo, whisperModel } from '../sample-audio.ts'

const binding = prebuiltBinding()

if (binding) {
  recognizerContract(`the prebuilt binding ${binding.name}`, async () => {
    return new BindingRecognizer({ binding, model: await openModel(whisperModel), threads: 1, niceness: testNiceness })
  })
}

describe('the prebuilt binding', () => {
  test.skipIf(!binding)('there is one for this machine (skipped: the package is not there for this platform)', async () => {
    if (!binding) throw new NoEngineError('none')
    const notAModel = { path: sampleVideo, name: 'video', sha256: '0'.repeat(64), sizeBytes: 1 }
    await using recognizer = new BindingRecognizer({ binding, model: notAModel, threads: 1 })
    await expect(recognizer.recognize(new Uint8Array(32_000), { language: 'gl' })).rejects.toThrow(EngineRefusedError)
  })
})
