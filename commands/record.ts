import { join, resolve } from 'node:path'
import { clockSteps } from '../recorder/clock-watch.ts'
import { doubtOf } from '../recorder/media-line.ts'
import { Recording } from '../recorder/recording.ts'
import { SegmentSpool } from '../recorder/segment-spool.ts'
import { parseSource, probeSource } from '../recorder/source.ts'
import { solePlan } from '../recorder/track-plan.ts'
import { newId } from '../storage/model/ids.ts'
import { type GapLine, isSegmentLine } from '../storage/model/recording.ts'
import { findFfmpeg } from '../storage/programs/ffmpeg.ts'
import { FolderLock } from '../storage/programs/folder-lock.ts'
import { parseArguments, UsageError, wholeNumber } from './arguments.ts'
import type { CommandIo } from './command-io.ts'
import { runAgent, stopAgent } from './record-agent.ts'
import { recordWords } from './words/record-words.ts'

/**
 * `escano record --source URL|FILE --out DIR [--seconds N]`: the recorder alone, into a spool. Without `--out` it is the agent of a chamber
 * (record-agent.ts): `escano record [--enrol CODE --server URL [--name NAME]] [--source URL]`; `escano record stop` stops it. Ends after N seconds, when a file is
 * through, or at Ctrl-C. `--json`: `{session, out, seconds, segments, bytes, gaps: [{fromMs, toMs, cause, atLeast?, leastMs?}], clockSteps: [{mediaMs, stepMs}], treeSize, treeRoot}`.
 * @returns 0 when something was recorded, else 1
 */
export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArguments(args, {
    options: {
      ...{ source: { type: 'string' }, out: { type: 'string' }, seconds: { type: 'string' } },
      ...{ enrol: { type: 'string' }, server: { type: 'string' }, name: { type: 'string' } },
    },
    places: { optional: ['stop'] },
  })
  const { source: wanted, out, enrol: code, server, name } = values
  const [verb] = positionals
  if (verb !== undefined && verb !== 'stop') throw new UsageError((words) => words.usage.superfluous(verb))
  if (verb === 'stop') return await stopAgent(io)
  if (out === undefined && values.seconds === undefined) return await runAgent({ code, server, name, source: wanted }, io)
  if (wanted === undefined) throw new UsageError((words) => words.usage.missing('--source'))
  if (out === undefined) throw new UsageError((words) => words.usage.missing('--out'))
  const seconds = values.seconds === undefined ? undefined : wholeNumber('--seconds', values.seconds, { from: 1, to: 48 * 3600 })
  const source = parseSource(/^[a-z][a-z0-9+.-]+:/i.test(wanted) ? wanted : resolve(io.cwd, wanted))
  const ffmpeg = await findFfmpeg(io.env)
  // Asked before anything is written: later a source that is gone is waited for, not refused.
  await probeSource(ffmpeg, source)
  const folder = resolve(io.cwd, out)
  await using _lock = await FolderLock.take(folder, 'escano record')
  const session = newId()
  await using spool = await SegmentSpool.open(join(folder, session), { session, recorder: newId() })
  const recording = new Recording({ ffmpeg, plan: solePlan(source), spool })
  recording.begin()
  const stop = () => recording.stop()
  const timer = seconds === undefined ? undefined : setTimeout(stop, seconds * 1000)
  io.signal.addEventListener('abort', stop)
  if (io.signal.aborted) stop()
  const shown = setInterval(() => show(recording, io), 1000)
  try {
    await recording.ended
  } finally {
    clearTimeout(timer)
    clearInterval(shown)
    io.signal.removeEventListener('abort', stop)
  }
  return report(spool, session, io)
}

function show(recording: Recording, io: CommandIo): void {
  const words = wordsOf(io)
  const { state, mediaMs, proven, cause } = recording.view
  const peak = proven?.peakDb === undefined || proven.peakDb === null ? '-' : `${proven.peakDb} dBFS`
  io.progress(words.progress(words.states[state], Math.floor(mediaMs / 1000), peak, cause ?? ''))
}

function report(spool: SegmentSpool, session: string, io: CommandIo): number {
  const words = wordsOf(io)
  const segments = spool.lines.filter(isSegmentLine)
  const gaps = spool.lines.filter((line): line is GapLine => 'kind' in line && line.kind === 'gap')
  const seconds = segments.reduce((sum, line) => sum + line.durationMs, 0) / 1000
  io.answer({
    ...{ session, out: spool.folder, seconds, segments: segments.length },
    bytes: segments.reduce((sum, line) => sum + line.bytes, 0),
    gaps: gaps.map(({ fromMs, toMs, cause, ...line }) => ({ fromMs, toMs, cause, ...doubtOf(line) })),
    clockSteps: clockSteps(spool.lines),
    ...{ treeSize: spool.lines.length, treeRoot: spool.root },
  })
  if (segments.length === 0) {
    io.say(words.nothing)
    return 1
  }
  io.say(words.summary(segments.length, Math.round(seconds * 10) / 10, gaps.length))
  for (const { fromMs, toMs, cause } of gaps) io.say(words.gap((fromMs / 1000).toFixed(1), (toMs / 1000).toFixed(1), cause))
  io.say(words.root(spool.root))
  io.say(words.folder(spool.folder))
  return 0
}

function wordsOf(io: CommandIo) {
  return recordWords(io.language)
}
