import { hostname } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { recorderConfig } from '../recorder/config.ts'
import { enrolMachine } from '../recorder/enrol.ts'
import { askRecorder } from '../recorder/local-control.ts'
import { startRecorder } from '../recorder/main.ts'
import { UsageError } from './arguments.ts'
import type { CommandIo } from './command-io.ts'
import { isThere } from './is-there.ts'
import { keepRecording } from './keep-recording.ts'
import { serveChamber } from './serve-chamber.ts'
import { recordWords } from './words/record-words.ts'

interface AgentWanted {
  code: string | undefined
  server: string | undefined
  name: string | undefined
  source: string | undefined
}

/**
 * The agent of a chamber until a signal; with a code it is enrolled first. A machine enrolled while a session is being recorded joins it at
 * once as one recorder more: whatever the other one does from now on, this one's journal stands by itself.
 */
export async function runAgent(wanted: AgentWanted, io: CommandIo): Promise<number> {
  const words = recordWords(io.language)
  const env = wanted.source === undefined ? io.env : { ...io.env, ESCANO_RECORDER_SOURCE: wanted.source }
  const config = recorderConfig(env)
  const joined = wanted.code === undefined ? undefined : await enrol(wanted, io)
  const session = joined?.session
  if (session !== undefined && config.source === undefined) throw new UsageError(() => words.noSource)
  await using running = await startRecorder(config, env, (cause) => io.say(words.trouble(cause)))
  keepRecording(running.recorder, io)
  if (session === undefined) io.say(words.waiting)
  else {
    io.say(words.joining)
    await running.recorder.start(session, undefined, joined?.line)
  }
  // After what is recorded: building the page may take seconds.
  await using _page = await serveChamber(running, config, (cause) => io.say(words.trouble(cause)))
  // A timer keeps the process alive and shows how it goes, where somebody looks.
  while (!io.signal.aborted) {
    await wait(1000, undefined, { signal: io.signal }).catch(() => undefined)
    const { proof } = running.recorder.proof
    if (running.recorder.isRecording) {
      const peak = proof.peakDb === null ? '-' : `${proof.peakDb} dBFS`
      io.progress(words.progress(words.states[proof.state], Math.floor(proof.mediaMs / 1000), peak, proof.cause ?? ''))
    }
  }
  io.say(words.ending)
  return 0
}

/** `escano record stop`: stops what the recorder of this machine records, line or no line. Exit 1 when it recorded nothing. */
export async function stopAgent(io: CommandIo): Promise<number> {
  const words = recordWords(io.language)
  const { spool } = recorderConfig(io.env)
  const before = await askRecorder(spool, 'status')
  if (before.state === 'idle') {
    io.answer(before)
    io.say(words.notRecording)
    return 1
  }
  const answer = await askRecorder(spool, 'stop')
  io.answer(answer)
  io.say(words.stopped(answer.seconds, answer.unconfirmed))
  return 0
}

async function enrol({ code = '', server, name }: AgentWanted, io: CommandIo): ReturnType<typeof enrolMachine> {
  const words = recordWords(io.language)
  if (server === undefined || !URL.canParse(server)) throw new UsageError(() => words.missingServer)
  const { enrolmentFile, keyFile } = recorderConfig(io.env)
  if (await isThere(enrolmentFile)) throw new UsageError(() => words.already(enrolmentFile))
  const called = name ?? hostname()
  const enrolled = await enrolMachine({ server, code, name: called, enrolmentFile, keyFile })
  io.say(words.enrolled(enrolled.councilName, called))
  return enrolled
}
