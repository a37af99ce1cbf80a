import { readFile } from 'node:fs/promises'
import { findFfmpeg } from '../storage/programs/ffmpeg.ts'
import { type AgentIdentity, openAgentIdentity } from './agent-identity.ts'
import { readChamberProfile } from './chamber-profile.ts'
import { type RecorderConfig, RecorderConfigError } from './config.ts'
import { enrolment } from './control-protocol.ts'
import { openLocalControl } from './local-control.ts'
import { Recorder } from './recorder.ts'

export interface RunningRecorder extends AsyncDisposable {
  readonly recorder: Recorder
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
  return {
    recorder,
    [Symbol.asyncDispose]: async () => {
      await control[Symbol.asyncDispose]()
      await recorder[Symbol.asyncDispose]()
    },
  }
}

/** Who this machine is enrolled as. @throws RecorderConfigError, AgentKeyError */
export async function readIdentity(config: Pick<RecorderConfig, 'enrolmentFile' | 'keyFile'>): Promise<AgentIdentity> {
  return await openAgentIdentity(await readEnrolment(config.enrolmentFile), config.keyFile)
}

async function readEnrolment(path: string) {
  try {
    return enrolment.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw new RecorderConfigError(`enrolment ${path} cannot be read; enrol this recorder first`, { cause })
  }
}
