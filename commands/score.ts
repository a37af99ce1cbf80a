import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { FormatError } from '../transcriber/formats/format-error.ts'
import { parseRttm, type Turn } from '../transcriber/formats/rttm.ts'
import { parseStm, type StmLine } from '../transcriber/formats/stm.ts'
import { attributionError, diarizationError } from '../transcriber/score/speaker-error.ts'
import { speakerWordError, wordError } from '../transcriber/score/word-error.ts'
import { parseArguments, UsageError } from './arguments.ts'
import type { CommandIo } from './command-io.ts'
import { scoreEs } from './words/score-es.ts'
import { scoreGl } from './words/score-gl.ts'

/** `escano score --reference R --hypothesis H`: words (STM) or speakers (RTTM), and speech given to the wrong person. */
export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = parseArguments(args, { options: { reference: { type: 'string' }, hypothesis: { type: 'string' } } })
  const [reference, hypothesis] = await Promise.all([
    readSide('--reference', values.reference, io.cwd),
    readSide('--hypothesis', values.hypothesis, io.cwd),
  ])
  if (isRttm(reference) !== isRttm(hypothesis)) throw new FormatError('one file is STM and the other RTTM: they cannot be compared')
  if (isRttm(reference)) return scoreTurns(...oneFile(parseRttm(reference), parseRttm(hypothesis)), io)
  return scoreWords(...oneFile(parseStm(reference), parseStm(hypothesis)), io)
}

function scoreWords(reference: StmLine[], hypothesis: StmLine[], io: CommandIo): number {
  const words = io.language === 'es' ? scoreEs : scoreGl
  const result = {
    format: 'stm',
    wer: { raw: wordError(reference, hypothesis, 'raw'), normalised: wordError(reference, hypothesis, 'normalised') },
    cpwer: { raw: speakerWordError(reference, hypothesis, 'raw'), normalised: speakerWordError(reference, hypothesis, 'normalised') },
    attribution: attributionError(reference, hypothesis),
  }
  io.say(words.wordError(result.wer.normalised, result.wer.raw.rate))
  io.say(words.speakerWordError(result.cpwer.normalised, result.cpwer.raw.rate))
  io.say(words.attribution(result.attribution))
  io.answer(result)
  return 0
}

function scoreTurns(reference: Turn[], hypothesis: Turn[], io: CommandIo): number {
  const words = io.language === 'es' ? scoreEs : scoreGl
  const result = {
    format: 'rttm',
    der: { collar0: diarizationError(reference, hypothesis, 0), collar250: diarizationError(reference, hypothesis, 0.25) },
    attribution: attributionError(reference, hypothesis),
  }
  io.say(words.diarization(result.der.collar0, 0))
  io.say(words.diarization(result.der.collar250, 0.25))
  io.say(words.attribution(result.attribution))
  io.answer(result)
  return 0
}

/** With one recording on each side they are the same one, whatever it is called. */
function oneFile<T extends { file: string }>(reference: T[], hypothesis: T[]): [T[], T[]] {
  const names = (side: T[]) => new Set(side.map((line) => line.file))
  const [name] = names(reference)
  const single = names(reference).size === 1 && names(hypothesis).size === 1
  return [reference, single && name !== undefined ? hypothesis.map((line) => ({ ...line, file: name })) : hypothesis]
}

async function readSide(option: string, path: string | undefined, cwd: string): Promise<string> {
  if (path === undefined) throw new UsageError((words) => words.usage.missing(option))
  return readFile(resolve(cwd, path), 'utf8')
}

function isRttm(text: string): boolean {
  return /^(SPEAKER|SPKR-INFO|NON-SPEECH)\s/m.test(text)
}
