import { setTimeout as wait } from 'node:timers/promises'
import { recorderConfig } from '../recorder/config.ts'
import { startRecorder } from '../recorder/main.ts'
import { listSessions } from '../storage/records/sessions.ts'
import { parseArguments } from './arguments.ts'
import type { CommandIo } from './command-io.ts'
import { isPlayed, playDemo } from './demo/play-demo.ts'
import { type PreparedDemo, prepareDemo } from './demo/prepare-demo.ts'
import { demoEnvironment, sampleFolder, samplePlay } from './demo/sample-files.ts'
import { stepTeller } from './demo/step-teller.ts'
import { type House, type HouseVoice, openHouse } from './house.ts'
import { houseConfig } from './house-config.ts'
import { isThere } from './is-there.ts'
import { keepRecording } from './keep-recording.ts'
import { serveChamber } from './serve-chamber.ts'
import { demoWords } from './words/demo-words.ts'

/** `escano start`: the parts of ESCANO_PARTS until a signal; with no council configured, the demo council and its session. */
export async function run(args: string[], io: CommandIo): Promise<number> {
  parseArguments(args)
  const words = demoWords(io.language)
  io.say(words.opening)
  // What parts say to one another while they stop is no trouble of anybody's.
  const voice: HouseVoice = {
    onBuild: () => io.say(words.buildingPages),
    report: (line) => {
      if (!io.signal.aborted) io.say(words.trouble(line))
    },
  }
  // The recorder of a chamber dials out and keeps its own spool: it has neither database nor store.
  const alone = houseConfig(io.env).parts.join() === 'recorder'
  try {
    await using _running = alone ? await startRecorderAlone(io, voice) : await startHouse(io, voice)
    io.say(words.stopHint)
    await untilAborted(io.signal)
    io.say(words.stopping)
  } catch (error) {
    // Told to stop while it was still beginning: what was done is kept, and the next start goes on from there.
    if (!io.signal.aborted) throw error
  }
  return 0
}

async function startHouse(io: CommandIo, voice: HouseVoice): Promise<AsyncDisposable> {
  await using opened = new AsyncDisposableStack()
  const house = opened.use(await openHouse(demoEnvironment(io.env), voice))
  if (house.parts.includes('web')) await serve(house, io)
  return opened.move()
}

/** Waits until somebody enrolled this recorder, then starts it. */
async function startRecorderAlone(io: CommandIo, { report }: HouseVoice): Promise<AsyncDisposable> {
  const config = recorderConfig(io.env)
  if (!(await isThere(config.enrolmentFile))) io.say(demoWords(io.language).waitingForEnrolment(config.enrolmentFile))
  while (!(await isThere(config.enrolmentFile))) await wait(1000, undefined, { signal: io.signal })
  const running = await startRecorder(config, io.env, report)
  keepRecording(running.recorder, io)
  const page = await serveChamber(running, config, report)
  return {
    [Symbol.asyncDispose]: async () => {
      await page[Symbol.asyncDispose]()
      await running[Symbol.asyncDispose]()
    },
  }
}

/** A process that runs only some parts waits for a council, or for `escano demo` to bring its own. */
async function serve(house: House, io: CommandIo): Promise<void> {
  const councils = await house.storage.database.directory()
  if (house.parts.includes('recorder') && councils.every((one) => one.demo)) await serveDemo(house, io, councils.length === 0)
  io.say(demoWords(io.language).serving(house.address))
}

async function serveDemo(house: House, io: CommandIo, isNew: boolean): Promise<void> {
  const words = demoWords(io.language)
  if (isNew) io.say(words.noCouncil)
  const demo = await prepareDemo(house.storage, house.keys, house.address)
  await house.startRecorder(demo, samplePlay)
  if (!(await isPlayed(house, demo))) {
    await playDemo({ house, demo, sample: sampleFolder, onStep: stepTeller(io, words), signal: io.signal })
  }
  await tellDemo(house, demo, io)
}

async function tellDemo(house: House, demo: PreparedDemo, io: CommandIo): Promise<void> {
  const words = demoWords(io.language)
  const council = `${house.address}/c/${demo.slug}`
  io.say(words.accounts)
  for (const { login, password } of demo.accounts) io.say(words.account(login, password))
  io.say(words.signIn(`${council}/entrar`))
  io.say(words.council(council))
  const slug = await publishedSlug(house, demo)
  if (slug) io.say(words.session(`${council}/${slug}`))
}

async function publishedSlug(house: House, demo: PreparedDemo): Promise<string | undefined> {
  const sessions = await house.storage.database.inCouncil(demo.council.id, listSessions)
  return sessions.find((one) => one.stage === 'published')?.session.slug
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    // Without a timer Node would see nothing left to do in a process that only waits for a signal.
    const alive = setInterval(() => undefined, 60_000)
    signal.addEventListener('abort', () => {
      clearInterval(alive)
      resolve()
    })
  })
}
