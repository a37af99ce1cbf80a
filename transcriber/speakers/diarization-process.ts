/**
 * Diarization in a process of its own: native code that holds a block of sound whole, does not return before it is done, and ends the process
 * over a model it cannot read. Started by diarizer.ts with a JSON of options as its only argument. On stdout one JSON line
 * `[fromSample, endSample, block, voice]` a turn, `{"block": n}` after each block, at the end `{"heard": samples}`.
 */
import { access, open } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { DiarizationOptions } from './diarizer.ts'

/** As sherpa-onnx-node 1.13 publishes it (non-streaming-speaker-diarization.js). */
interface Diarization {
  sampleRate: number
  process(samples: Float32Array): { start: number; end: number; speaker: number }[]
}
const sherpa = createRequire(import.meta.url)('sherpa-onnx-node') as { OfflineSpeakerDiarization: new (config: object) => Diarization }

async function hear({ segmentation, embedding, path, blocks, settings }: DiarizationOptions): Promise<void> {
  // The library only says that its configuration is wrong.
  for (const model of [segmentation, embedding]) await access(model)
  const diarization = new sherpa.OfflineSpeakerDiarization({
    segmentation: { pyannote: { model: segmentation }, numThreads: 1, debug: 0 },
    embedding: { model: embedding, numThreads: 1, debug: 0 },
    // The number of voices is not known: they are told apart by distance.
    clustering: { numClusters: -1, threshold: settings.threshold },
    minDurationOn: settings.minSpeechSeconds,
    minDurationOff: settings.minSilenceSeconds,
  })
  if (diarization.sampleRate !== 16000) throw new Error(`the models want ${diarization.sampleRate} Hz, the sound has 16000`)

  let heard = 0
  const file = await open(path, 'r')
  for (const [block, { fromSample, toSample }] of blocks.entries()) {
    const bytes = Buffer.alloc((toSample - fromSample) * 2)
    await file.read(bytes, 0, bytes.length, fromSample * 2)
    const samples = new Float32Array(bytes.length / 2)
    for (let i = 0; i < samples.length; i++) samples[i] = bytes.readInt16LE(i * 2) / 32768
    for (const { start, end, speaker } of diarization.process(samples)) {
      const turn = [fromSample + Math.round(start * 16000), fromSample + Math.round(end * 16000), block, speaker]
      process.stdout.write(`${JSON.stringify(turn)}\n`)
    }
    heard += samples.length
    process.stdout.write(`${JSON.stringify({ block })}\n`)
  }
  await file.close()
  process.stdout.write(`${JSON.stringify({ heard })}\n`)
}

try {
  await hear(JSON.parse(process.argv[2] ?? '{}') as DiarizationOptions)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}
