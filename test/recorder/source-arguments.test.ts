import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { captureArguments } from '../../recorder/capture-arguments.ts'
import { inputArguments, parseSource, probeSource } from '../../recorder/source.ts'
import { findFfmpeg } from '../../storage/programs/ffmpeg.ts'
import { probeMedia } from '../../storage/programs/probe-media.ts'
import { runProgram, startProgram } from '../../storage/programs/run-program.ts'
import { freePort } from '../servers/free-port.ts'

const ffmpeg = await findFfmpeg(process.env)
const said = async (...args: string[]) =>
  new TextDecoder().decode((await runProgram(ffmpeg.path, ['-hide_banner', ...args], { timeoutMs: 20_000 })).stdout)
const [devices, protocols] = [await said('-devices'), await said('-protocols')]
const lacks = (list: string, name: string) =>
  new RegExp(`\\b${name}\\b`).test(list) ? '' : ` (skipped: ${ffmpeg.path} was built without ${name})`

/** All that ffmpeg said of a command line that cannot succeed here. */
async function refusal(source: string): Promise<string> {
  const args = ['-nostdin', '-hide_banner', ...inputArguments(parseSource(source), ffmpeg.features), '-f', 'null', '-']
  return (await runProgram(ffmpeg.path, args, { timeoutMs: 20_000, acceptedCodes: [1, 251] })).stderr
}

describe('ffmpeg takes the options of a source that is not there, and stumbles over nothing but its absence', () => {
  const misread = /Option \S+ not found|Unrecognized option|Error parsing|Unknown input format|Invalid data|Missing argument/i
  test.for([
    ['v4l2:/dev/video99?width=1920&height=1080&fps=25', 'v4l2', /\/dev\/video99: No such file or directory/],
    ['v4l2:/dev/video99', 'v4l2', /\/dev\/video99: No such file or directory/],
    ['screen::99.0?fps=10', 'x11grab', /Cannot open display :99\.0/],
    ['alsa:hw:99?channels=32', 'alsa', /cannot open audio device hw:99/],
  ] as const)('%s', async ([source, device, absence], { skip }) => {
    const why = lacks(devices, device)
    if (why) skip(why)
    const text = await refusal(source)
    expect(text).toMatch(absence)
    expect(text).not.toMatch(misread)
  })

  test('every option of a device is one that this ffmpeg documents for it', async ({ skip }) => {
    for (const [source, device] of [
      ['v4l2:', 'v4l2'],
      ['screen:', 'x11grab'],
      ['alsa:', 'alsa'],
    ] as const) {
      if (lacks(devices, device)) skip(lacks(devices, device))
      const documented = await said('-h', `demuxer=${device}`)
      const given = inputArguments(parseSource(source), ffmpeg.features).filter((one) => one.startsWith('-'))
      const own = given.filter((one) => !['-thread_queue_size', '-f', '-i'].includes(one))
      expect(own.length).toBeGreaterThan(0)
      for (const option of own) expect(documented, `${device} ${option}`).toMatch(new RegExp(`\\s${option}\\s`))
    }
  })
})

describe('what an encoder pushes to the recorder is recorded as it comes', () => {
  test.for([
    ['srt', 'mpegts', 'srt://127.0.0.1:PORT', 'srt://127.0.0.1:PORT'],
    ['rtmp', 'flv', 'rtmp://127.0.0.1:PORT/pleno', 'rtmp://127.0.0.1:PORT/pleno'],
  ] as const)('over %s', { timeout: 120_000 }, async ([protocol, container, from, to], { skip }) => {
    const why = lacks(protocols, protocol)
    if (why) skip(why)
    const folder = await mkdtemp(join(tmpdir(), 'escano-push-'))
    const port = String(await freePort())
    const source = parseSource(from.replace('PORT', port))
    const args = captureArguments({
      ...{ input: inputArguments(source, ffmpeg.features), probe: await probeSource(ffmpeg, source), audioInput: 0, folder },
      tracks: [{ kind: 'streams', track: 'master', picture: true }],
    })
    const capture = await startProgram(ffmpeg.path, args, { stderrFile: join(folder, 'stderr') })
    const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-c:a', 'aac', '-t', '2', '-f', container]
    const push = [
      '-nostdin',
      '-loglevel',
      'error',
      ...inputArguments(parseSource('test:'), ffmpeg.features),
      ...encode,
      to.replace('PORT', port),
    ]
    const segments = async () => (await readdir(folder)).filter((name) => name.endsWith('.ts'))
    try {
      // Who pushes dials again until somebody listens.
      await expect
        .poll(
          async () => {
            await runProgram(ffmpeg.path, push, { timeoutMs: 30_000, acceptedCodes: [0] }).catch(() => undefined)
            return (await segments()).length
          },
          { timeout: 90_000, interval: 500 },
        )
        .toBeGreaterThan(0)
      const [first = ''] = await segments()
      expect((await stat(join(folder, first))).size).toBeGreaterThan(10_000)
      const held = await probeMedia(ffmpeg, join(folder, first))
      expect(held.streams.map((one) => (one.kind === 'other' ? one.kind : one.codec)).toSorted()).toEqual(['aac', 'h264'])
    } finally {
      await capture.stop([{ signal: 'SIGKILL', waitMs: 5000 }])
      await rm(folder, { recursive: true, force: true })
    }
  })
})
