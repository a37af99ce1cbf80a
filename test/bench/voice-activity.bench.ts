/**
 * `npm run bench -- voice-activity FOLDER`: speech missed and invented by voice activity on the AMI excerpts of FOLDER (`*.rttm` with `*.wav`; AMI
 * Meeting Corpus, CC BY 4.0, AMI Consortium; not copied here). DER is not measured: no diarization model is at hand. --keep appends to results/.
 */
import { appendFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFfmpeg } from '../../storage/programs/ffmpeg.ts'
import { parseRttm } from '../../transcriber/formats/rttm.ts'
import { diarizationError } from '../../transcriber/score/speaker-error.ts'
import { spoolAudio, streamAudio } from '../../transcriber/session-audio.ts'
import { findSpeech } from '../../transcriber/voice-activity.ts'
import { voiceActivityModel } from '../transcriber/sample-audio.ts'

const folder = process.argv.slice(2).find((one) => !one.startsWith('--'))
if (folder === undefined) throw new Error('which folder? npm run bench -- voice-activity FOLDER')
const names = await readdir(folder)
const texts = await Promise.all(names.filter((name) => name.endsWith('.rttm')).map((name) => readFile(join(folder, name), 'utf8')))
const turns = texts.flatMap(parseRttm)
const work = await mkdtemp(join(tmpdir(), 'escano-vad-'))
const ffmpeg = await findFfmpeg(process.env)
const total = { speech: 0, missed: 0, falseAlarm: 0, silence: 0 }

for (const file of names.filter((name) => name.endsWith('.wav')).sort()) {
  const name = file.replace('.wav', '')
  // Speech of anybody is one speaker: then missed and false alarm are those of voice activity.
  const reference = turns.filter((turn) => turn.file === name).map((turn) => ({ ...turn, speaker: 'speech' }))
  const audio = await spoolAudio(ffmpeg, [{ fromMs: 0, media: { path: join(folder, file) } }], { folder: join(work, name), source: name })
  const untilMs = audio.runs.at(-1)?.toMs ?? 0
  const regions = await findSpeech(streamAudio(audio, 0, untilMs), 0, { model: voiceActivityModel })
  const found = regions.map((region) => ({ file: name, speaker: 'speech', start: region.fromMs / 1000, end: region.toMs / 1000 }))
  report(name, diarizationError(reference, found, 0), untilMs / 1000)
}
report('all', total, total.speech + total.silence)
if (process.argv.includes('--keep')) {
  const row = {
    bench: 'voice-activity',
    corpus: 'AMI excerpts',
    ...total,
    missRate: total.missed / total.speech,
    der: 'not measured: no model',
  }
  await appendFile(join(import.meta.dirname, 'results', 'voice-activity.jsonl'), `${JSON.stringify(row)}\n`)
}
await rm(work, { recursive: true, force: true })

function report(name: string, of: { speech: number; missed: number; falseAlarm: number }, seconds: number): void {
  if (name !== 'all') {
    total.speech += of.speech
    total.missed += of.missed
    total.falseAlarm += of.falseAlarm
    total.silence += seconds - of.speech
  }
  const silence = seconds - of.speech
  const percent = (part: number, whole: number) => (whole < 0.05 ? 'no such time' : `${((part / whole) * 100).toFixed(2)} %`)
  console.log(
    name.padEnd(8),
    `missed ${percent(of.missed, of.speech)} of ${of.speech.toFixed(2)} s of speech,`,
    `false alarm ${of.falseAlarm.toFixed(2)} s, ${percent(of.falseAlarm, silence)} of ${silence.toFixed(2)} s without`,
  )
}
