import { readFile } from 'node:fs/promises'
import { findFfmpeg } from '../storage/programs/ffmpeg.ts'
import { type AgentIdentity, openAgentIdentity } from './agent-identity.ts'
import { type ChamberProfile, readChamberProfile } from './chamber-profile.ts'
import { type RecorderConfig, RecorderConfigError } from './config.ts'
import { enrolment } from './control-protocol.ts'
import { openLocalControl } from './local-control.ts'
import { MicrophoneWatch } from './microphone-watch.ts'
import { Recorder } from './recorder.ts'

export interface RunningRecorder extends AsyncDisposable {
  readonly recorder: Recorder
  readonly identity: AgentIdentity
}

/**
 * The agent of a chamber, until disposed; it may live in a process of its own or in the server's.
 * @param env where ffmpeg is looked for: `FFMPEG_PATH` and `PATH`
 * @throws RecorderConfigError, ChamberProfileError, AgentKeyError, FfmpegMissingError, FolderInUseError, SpoolDamagedError
 */
export async function startRecorder(
  config: RecorderConfig,
  env: Record<string, string | undefined>,
  onTrouble?: (sentence: string) => void,
): Promise<RunningRecorder> {
  const identity = await readIdentity(config)
  const source = config.chamberFile === undefined ? config.source : await readChamberProfile(config.chamberFile)
  const recorder = await Recorder.open({
    ...{ identity, ffmpeg: await findFfmpeg(env), spool: config.spool, speed: config.speed },
    ...(config.uploadBytesPerSecond === undefined ? {} : { uploadBytesPerSecond: config.uploadBytesPerSecond }),
    ...(source === undefined ? {} : { source }),
    ...(onTrouble === undefined ? {} : { onTrouble }),
  })
  const control = await openLocalControl(recorder, config.spool).catch(async (error: unknown) => {
    await recorder[Symbol.asyncDispose]()
    throw error
  })
  const microphones = await watchOf(config.spool, { identity, source, onTrouble })
  return {
    recorder,
    identity,
    [Symbol.asyncDispose]: async () => {
      await microphones?.[Symbol.asyncDispose]()
      await control[Symbol.asyncDispose]()
      await recorder[Symbol.asyncDispose]()
    },
  }
}

/** Who this machine is enrolled as. @throws RecorderConfigError, AgentKeyError */
export async function readIdentity(config: Pick<RecorderConfig, 'enrolmentFile' | 'keyFile'>): Promise<AgentIdentity> {
  return await openAgentIdentity(await readEnrolment(config.enrolmentFile), config.keyFile)
}

/** The conference system of the chamber; that it cannot be heard is told, and stops no recording. */
async function watchOf(
  spool: string,
  of: { identity: AgentIdentity; source: string | ChamberProfile | undefined; onTrouble: ((sentence: string) => void) | undefined },
): Promise<MicrophoneWatch | undefined> {
  const { identity, source, onTrouble } = of
  if (typeof source !== 'object' || source.microphones === undefined) return undefined
  const config = { identity, spool, microphones: source.microphones, ...(onTrouble === undefined ? {} : { onTrouble }) }
  return await MicrophoneWatch.open(config).catch((error: unknown) => {
    onTrouble?.(`the microphones cannot be heard: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  })
}

async function readEnrolment(path: string) {
  try {
    return enrolment.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw new RecorderConfigError(`enrolment ${path} cannot be read; enrol this recorder first`, { cause })
  }
}
