/**
 * Speech time given to the wrong person, by what evidence there is. `npm run bench -- attribution [FOLDER]`: the sample session's evidence; with
 * FOLDER (session-a-8ch.flac, microphone-events.jsonl, seats.json, turns.rttm) that session's, its channels too. No recognition: the line of
 * speakers over the speech of the reference. Results are appended to results/attribution.jsonl with --keep.
 */
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MicrophoneEvent } from '../../storage/model/microphone-events.ts'
import type { EvidenceSeat } from '../../storage/model/transcript.ts'
import { findFfmpeg } from '../../storage/programs/ffmpeg.ts'
import { runProgram } from '../../storage/programs/run-program.ts'
import { parseRttm, type Turn } from '../../transcriber/formats/rttm.ts'
import { attributionError, diarizationError } from '../../transcriber/score/speaker-error.ts'
import { spoolAudio, streamAudio } from '../../transcriber/session-audio.ts'
import { findChannelActivity } from '../../transcriber/speakers/channel-audio.ts'
import type { ChannelActivity } from '../../transcriber/speakers/channel-energy.ts'
import { fuseClues, type SpeakerLine } from '../../transcriber/speakers/fuse.ts'
import { gatherClues, type SpeakerEvidence } from '../../transcriber/speakers/gather-clues.ts'
import { parseMicrophoneEvents, parseSeats } from '../../transcriber/speakers/microphone-events.ts'
import { findSpeech, type SpeechRegion } from '../../transcriber/voice-activity.ts'
import { randomNumbers } from '../conformance/random-pairs.ts'
import { sampleFolder, sampleVideo, voiceActivityModel } from '../transcriber/sample-audio.ts'
import { tapsOf } from '../transcriber/simulated-taps.ts'

const given = process.argv.slice(2).find((one) => !one.startsWith('--'))
const folder = given ?? sampleFolder
const text = (name: string) => readFile(join(folder, name), 'utf8')
const microphones = parseMicrophoneEvents(await text('microphone-events.jsonl'))
const seats: EvidenceSeat[] = parseSeats(await text('seats.json'))
const turns = parseRttm(await text('turns.rttm'))
const work = await mkdtemp(join(tmpdir(), 'escano-attribution-'))
const ffmpeg = await findFfmpeg(process.env)
const room = given ? join(folder, 'session-a.flac') : sampleVideo
const audio = await spoolAudio(ffmpeg, [{ fromMs: 0, media: { path: room } }], { folder: work, source: 'bench' })
const untilMs = audio.runs.at(-1)?.toMs ?? 0
const speech = await findSpeech(streamAudio(audio, 0, untilMs), 0, { model: voiceActivityModel })
/** Activity of the channels of an 8-channel file. */
async function channelsOf(path: string, name: string): Promise<ChannelActivity[]> {
  const spooled = await spoolAudio(ffmpeg, [{ fromMs: 0, media: { path } }], { folder: join(work, name), source: name })
  return (await findChannelActivity(spooled)) ?? []
}
const channels = given ? await channelsOf(join(folder, 'session-a-8ch.flac'), 'eight') : []

/** The line as turns: where speech is, who the line names there. */
function turnsOfLine(line: SpeakerLine, regions: readonly SpeechRegion[]): Turn[] {
  const found: Turn[] = []
  for (const { fromMs, toMs } of regions) {
    for (let at = fromMs; at < toMs; at += 100) {
      const speaker = line.at(at)
      const last = found.at(-1)
      const [start, end] = [at / 1000, Math.min(at + 100, toMs) / 1000]
      if (speaker === 'unknown') continue
      if (last && last.speaker === speaker && start - last.end < 0.001) last.end = end
      else found.push({ file: 'session-a', speaker, start, end })
    }
    const others = line.overlap(fromMs, toMs)
    found.push(...others.map((one) => ({ file: 'session-a', speaker: one.id, start: one.fromMs / 1000, end: one.toMs / 1000 })))
  }
  return found
}

async function measure(
  name: string,
  { channels: heard, ...evidence }: SpeakerEvidence & { channels?: ChannelActivity[] },
  reference: readonly Turn[] = turns,
  regions: readonly SpeechRegion[] = speech,
) {
  const { clues, evidence: used } = gatherClues(evidence, { speech: regions, channels: heard, words: [] }, untilMs)
  const found = turnsOfLine(fuseClues(clues, regions, untilMs), regions)
  const error = attributionError(reference, found)
  const spoken = reference.reduce((sum, turn) => sum + turn.end - turn.start, 0)
  const figures = {
    attributionError: error.rate,
    namedShare: error.compared / spoken,
    der: diarizationError(reference, found, 0).rate,
    der250: diarizationError(reference, found, 0.25).rate,
  }
  const row = { bench: 'attribution', session: given ? 'council-synthetic' : 'sample', name, ...figures, evidence: used }
  if (process.argv.includes('--json')) console.log(JSON.stringify(row))
  else
    console.log(
      name.padEnd(52),
      ...Object.entries(figures).map(([what, value]) => `${what} ${(value * 100).toFixed(2)} %`),
      used.join(' · '),
    )
  if (process.argv.includes('--keep'))
    await appendFile(join(import.meta.dirname, 'results', 'attribution.jsonl'), `${JSON.stringify(row)}\n`)
}

const moved = (by: (seconds: number) => number): MicrophoneEvent[] => microphones.map((one) => ({ ...one, t: Math.max(0, by(one.t)) }))
await measure('nothing', { microphones: [], seats })
await measure('microphone events', { microphones, seats })
for (const offset of [-5, -1, 1, 5])
  await measure(`microphone events, clock ${offset > 0 ? '+' : ''}${offset} s`, { microphones: moved((t) => t + offset), seats })
await measure('microphone events, clock +5 s and 0.3 % fast', { microphones: moved((t) => t * 1.003 + 5), seats })
const random = randomNumbers(11)
await measure('microphone events at random times', { microphones: moved(() => random() * 208), seats })
await measure('taps (simulated, 1.5 s ± 1 s late)', { microphones: [], seats, others: tapsOf(turns, 'alcaldesa', 3) })
if (channels.length > 0) {
  await measure('channels alone', { microphones: [], seats, channels })
  await measure('channels and microphone events', { microphones, seats, channels })
  await measure('channels and taps', { microphones: [], seats, channels, others: tapsOf(turns, 'alcaldesa', 3) })
  await measureOverlap()
}

/** Seconds 100 to 160 of the session once more over seconds 20 to 80: two speak at once for much of a minute. */
async function measureOverlap(): Promise<void> {
  const mixed = join(work, 'overlap.flac')
  const filter =
    '[0:a]asplit[a][b];[b]atrim=100:160,asetpts=PTS-STARTPTS,adelay=20000:all=1[c];[a][c]amix=inputs=2:duration=first:normalize=0'
  await runProgram(ffmpeg.path, [
    '-nostdin',
    '-loglevel',
    'error',
    '-i',
    join(folder, 'session-a-8ch.flac'),
    '-filter_complex',
    filter,
    mixed,
  ])
  const levels = await channelsOf(mixed, 'mixed')
  const both = await spoolAudio(ffmpeg, [{ fromMs: 0, media: { path: mixed } }], { folder: join(work, 'overlap'), source: 'overlap' })
  const regions = await findSpeech(streamAudio(both, 0, untilMs), 0, { model: voiceActivityModel })
  const again = turns
    .filter((turn) => turn.end > 100 && turn.start < 160)
    .map((turn) => ({ ...turn, start: Math.max(100, turn.start) - 80, end: Math.min(160, turn.end) - 80 }))
  const events = microphones.filter((one) => one.t > 100 && one.t < 160).map((one) => ({ ...one, t: one.t - 80 }))
  const reference = [...turns, ...again]
  await measure('channels, a minute of two at once', { microphones: [], seats, channels: levels }, reference, regions)
  const opened = [...microphones, ...events].sort((a, b) => a.t - b.t)
  await measure('microphone events, a minute of two at once', { microphones: opened, seats }, reference, regions)
}
await rm(work, { recursive: true, force: true })
