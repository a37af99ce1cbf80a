import { access, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { ProgramError, type RunningProgram, runProgram, startProgram } from '../../storage/programs/run-program.ts'

/** A sound card of several microphones: PulseAudio's null sink, whose monitor is read through ALSA as a mixer's inputs would be. */
export interface SoundCard extends AsyncDisposable {
  /** ALSA device; needs `env`. */
  readonly device: string
  readonly env: Record<string, string>
  /** Gives each channel a tone of its own (200, 300, 400… Hz), those named silence instead. */
  play(silent?: readonly number[]): Promise<void>
  /** Pulls the plug: the card is gone. */
  kill(): Promise<void>
  /** Puts it in again, silent until `play`. */
  again(): Promise<void>
}

/** As ALSA's plugin names its channels; other names would be mixed on the way. */
const places = [
  ...['front-left', 'front-right', 'rear-left', 'rear-right', 'front-center', 'lfe', 'side-left', 'side-right'],
  ...Array.from({ length: 24 }, (_, at) => `aux${at}`),
]
const plugin = '/usr/lib/x86_64-linux-gnu/alsa-lib/libasound_module_pcm_pulse.so'

/** Why no card can be made here; undefined when one can. Debian: pulseaudio, pulseaudio-utils, libasound2-plugins. */
export async function missingSoundCard(): Promise<string | undefined> {
  try {
    await runProgram('pulseaudio', ['--version'], { timeoutMs: 10_000 })
    await runProgram('pacat', ['--version'], { timeoutMs: 10_000 })
    await access(plugin)
    return undefined
  } catch (error) {
    return error instanceof ProgramError ? error.message : `${plugin} is missing`
  }
}

/** @param channels up to 32, which is what PulseAudio takes */
export async function startSoundCard(channels: number): Promise<SoundCard> {
  const folder = await mkdtemp(join(tmpdir(), 'escano-card-'))
  const socket = join(folder, 'native')
  const env = { HOME: folder, XDG_RUNTIME_DIR: folder, PULSE_SERVER: `unix:${socket}`, ALSA_CONFIG_PATH: join(folder, 'asound.conf') }
  await writeFile(
    env.ALSA_CONFIG_PATH,
    '</usr/share/alsa/alsa.conf>\npcm.mixer { type pulse device "mixer.monitor" }\nctl.mixer { type pulse }\n',
  )
  const modules = [
    `module-native-protocol-unix socket=${socket} auth-anonymous=1`,
    `module-null-sink sink_name=mixer channels=${channels} channel_map=${places.slice(0, channels).join(',')} rate=48000`,
  ]
  const args = [
    '-n',
    '--daemonize=no',
    '--exit-idle-time=-1',
    '--use-pid-file=no',
    '--disable-shm=yes',
    '--realtime=no',
    '--high-priority=no',
  ]
  const start = async () => {
    const program = await startProgram('pulseaudio', [...args, ...modules.flatMap((one) => ['-L', one])], {
      env,
      stderrFile: join(folder, 'log'),
    })
    await untilThere(socket)
    return program
  }
  let server = await start()
  let players: RunningProgram[] = []
  let tunes = 0
  const kill = async () => {
    for (const one of players) await one.stop([{ signal: 'SIGKILL', waitMs: 2000 }])
    await server.stop([{ signal: 'SIGKILL', waitMs: 2000 }])
    await rm(socket, { force: true })
  }
  return {
    ...{ device: 'mixer', env, kill },
    async again() {
      server = await start()
    },
    async play(silent = []) {
      const before = players
      const pipe = join(folder, `tones-${tunes++}`)
      await runProgram('mkfifo', [pipe])
      const tones = Array.from({ length: channels }, (_, at) => (silent.includes(at) ? '0' : `0.1*sin(${200 + at * 100}*2*PI*t)`)).join('|')
      const log = { env, stderrFile: join(folder, 'player.log') }
      const making = ['-nostdin', '-v', 'error', '-re', '-f', 'lavfi', '-i', `aevalsrc='${tones}':s=48000`, '-f', 's16le', '-y', pipe]
      const raw = ['--raw', '--format=s16le', '--rate=48000', `--channels=${channels}`, '--latency-msec=200']
      players = [
        await startProgram('ffmpeg', making, log),
        await startProgram('pacat', [...raw, '--no-remix', '--no-remap', '--device=mixer', pipe], log),
      ]
      for (const one of before) await one.stop([{ signal: 'SIGKILL', waitMs: 2000 }])
    },
    async [Symbol.asyncDispose]() {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function untilThere(socket: string): Promise<void> {
  const there = () =>
    access(socket).then(
      () => true,
      () => false,
    )
  for (let tries = 0; !(await there()); tries++) {
    if (tries > 200) throw new Error('PulseAudio did not open its socket')
    await wait(100)
  }
}
