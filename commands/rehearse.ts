import { plansFrom, readChamberProfile } from '../recorder/chamber-profile.ts'
import { recorderConfig } from '../recorder/config.ts'
import { askRehearsal, RecorderAbsentError } from '../recorder/local-control.ts'
import { readIdentity } from '../recorder/main.ts'
import { RehearsalTurn } from '../recorder/rehearsal/rehearsal-turn.ts'
import { gradeOf, isReady, type Rehearsal } from '../storage/model/rehearsal.ts'
import { findFfmpeg } from '../storage/programs/ffmpeg.ts'
import { FolderLock } from '../storage/programs/folder-lock.ts'
import { rehearsalSentence, rehearsalSummary, rehearsalWords } from '../web/words/rehearsal-words.ts'
import { parseArguments, UsageError, wholeNumber } from './arguments.ts'
import type { CommandIo } from './command-io.ts'
import { isThere } from './is-there.ts'

/**
 * `escano rehearse [--source URL] [--seconds 20]`: opens each source of the chamber, records, decodes back, and tries disk, clock and
 * store. The recorder that runs on this machine does it when there is one; else this process. `--json`: storage/model/rehearsal.ts.
 * @returns 0 when nothing stands in the way of recording, else 1
 */
export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = parseArguments(args, { options: { source: { type: 'string' }, seconds: { type: 'string' } } })
  const seconds = values.seconds === undefined ? 20 : wholeNumber('--seconds', values.seconds, { from: 5, to: 600 })
  const words = rehearsalWords[io.language]
  io.progress(words.running(seconds))
  const found = (await byAgent(values.source, io)) ?? (await byMyself(values.source, seconds, io))
  if ('refused' in found) {
    io.answer(found)
    io.say(words.refused(found.refused))
    return 1
  }
  io.answer(found)
  for (const grade of ['bad', 'look', 'good'] as const) {
    for (const one of found.findings.filter((finding) => gradeOf(finding) === grade)) {
      io.say(
        `  ${words.grades[grade]}: ${rehearsalSentence(one, io.language)}${one.detail === undefined ? '' : ` (${words.forSupport(one.detail)})`}`,
      )
    }
  }
  io.say(rehearsalSummary(found, io.language))
  return isReady(found) ? 0 : 1
}

/** The sources belong to the recorder that runs here; another source may be tried beside it. */
async function byAgent(source: string | undefined, io: CommandIo) {
  if (source !== undefined) return undefined
  try {
    return await askRehearsal(recorderConfig(io.env).spool)
  } catch (error) {
    if (error instanceof RecorderAbsentError) return undefined
    throw error
  }
}

async function byMyself(wanted: string | undefined, seconds: number, io: CommandIo): Promise<Rehearsal> {
  const config = recorderConfig(io.env)
  const profile = wanted === undefined && config.chamberFile !== undefined ? await readChamberProfile(config.chamberFile) : undefined
  const source = wanted ?? profile ?? config.source
  if (source === undefined) throw new UsageError(() => rehearsalWords[io.language].noSource)
  const plans = plansFrom(source, config.speed)
  await using _lock = await FolderLock.take(config.spool, 'escano rehearse')
  const identity = (await isThere(config.enrolmentFile)) ? await readIdentity(config) : undefined
  const parts = { ffmpeg: await findFfmpeg(io.env), plans, spool: config.spool, seconds }
  const turn = new RehearsalTurn()
  const stop = () => void turn.giveWay()
  io.signal.addEventListener('abort', stop)
  try {
    return await turn.run({ ...parts, ...(identity === undefined ? {} : { identity }) }, (error) => io.say(error.message))
  } finally {
    io.signal.removeEventListener('abort', stop)
  }
}
