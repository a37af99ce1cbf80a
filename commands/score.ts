import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { transcript } from '../storage/model/transcript.ts'
import { parseCtm } from '../transcriber/formats/ctm.ts'
import { FormatError } from '../transcriber/formats/format-error.ts'
import { parseRttm } from '../transcriber/formats/rttm.ts'
import { parseStm } from '../transcriber/formats/stm.ts'
import { scoreTranscript, scoreTurns, scoreWords } from '../transcriber/score/score-transcript.ts'
import { wordStartError } from '../transcriber/score/text-findings.ts'
import { parseSeats } from '../transcriber/speakers/microphone-events.ts'
import { parseArguments, UsageError } from './arguments.ts'
import type { CommandIo } from './command-io.ts'
import { scoreEs } from './words/score-es.ts'
import { scoreGl } from './words/score-gl.ts'

const options = { reference: { type: 'string' }, hypothesis: { type: 'string' }, names: { type: 'string' } } as const

/**
 * `escano score --reference R --hypothesis H [--names seats.json]`: words (STM), speakers (RTTM) or word times (CTM); H may be a
 * transcript.json against an STM. Figures and their conventions: transcriber/score/.
 */
export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = parseArguments(args, { options })
  const text = async (option: string, path: string | undefined) => {
    if (path === undefined) throw new UsageError((words) => words.usage.missing(option))
    return readFile(resolve(io.cwd, path), 'utf8')
  }
  const [reference, hypothesis] = await Promise.all([text('--reference', values.reference), text('--hypothesis', values.hypothesis)])
  const names = values.names === undefined ? undefined : parseSeats(await text('--names', values.names)).map((seat) => seat.name)
  const [kind, other] = [kindOf(reference), kindOf(hypothesis)]
  const words = io.language === 'es' ? scoreEs : scoreGl
  if (kind === 'STM' && other === 'JSON') {
    const result = scoreTranscript(readTranscript(hypothesis), { lines: parseStm(reference) }, names ? { names } : {})
    for (const line of [...words.allWords(result), ...words.allTurns(result), ...words.bySource(result.attributionBySource)]) io.say(line)
    io.answer({ format: 'transcript', ...result })
    return 0
  }
  if (kind !== other || kind === 'JSON') throw new FormatError(`one file is ${kind} and the other ${other}: they cannot be compared`)
  if (kind === 'STM') {
    const result = scoreWords(...oneFile(parseStm(reference), parseStm(hypothesis)), names ? { names } : {})
    for (const line of words.allWords(result)) io.say(line)
    io.answer({ format: 'stm', ...result })
  } else if (kind === 'RTTM') {
    const result = scoreTurns(...oneFile(parseRttm(reference), parseRttm(hypothesis)))
    for (const line of words.allTurns(result)) io.say(line)
    io.answer({ format: 'rttm', ...result })
  } else {
    const result = wordStartError(...oneFile(parseCtm(reference), parseCtm(hypothesis)))
    io.say(words.wordStart(result))
    io.answer({ format: 'ctm', wordStart: result })
  }
  return 0
}

type Kind = 'STM' | 'RTTM' | 'CTM' | 'JSON'

/** By what the first line that says something looks like; an empty file is an STM in which nobody said anything. */
function kindOf(text: string): Kind {
  const line = text.split('\n').find((one) => one.trim() !== '' && !one.startsWith(';;')) ?? ''
  if (/^\s*\{/.test(line)) return 'JSON'
  if (/^(SPEAKER|SPKR-INFO|NON-SPEECH)\s/.test(line)) return 'RTTM'
  const fields = line.trim().split(/\s+/)
  const isNumber = (field: string | undefined) => field !== undefined && /^\d+(\.\d+)?$/.test(field)
  return isNumber(fields[2]) && isNumber(fields[3]) && !isNumber(fields[4]) && fields.length <= 6 ? 'CTM' : 'STM'
}

function readTranscript(text: string) {
  try {
    return transcript.parse(JSON.parse(text))
  } catch (cause) {
    throw new FormatError('the JSON is no transcript of this version', { cause })
  }
}

/** With one recording on each side they are the same one, whatever it is called. */
function oneFile<T extends { file: string }>(reference: T[], hypothesis: T[]): [T[], T[]] {
  const names = (side: T[]) => new Set(side.map((line) => line.file))
  const [name] = names(reference)
  const single = names(reference).size === 1 && names(hypothesis).size === 1
  return [reference, single && name !== undefined ? hypothesis.map((line) => ({ ...line, file: name })) : hypothesis]
}
