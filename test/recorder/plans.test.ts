import { describe, expect, test } from 'vitest'
import { captureArguments } from '../../recorder/capture-arguments.ts'
import { elapsedAtLeast, elapsedMs, readClock, readingAt, shifted, unwatchedReading, wallStepMs } from '../../recorder/clock.ts'
import { ClockWatch } from '../../recorder/clock-watch.ts'
import { recorderConfig } from '../../recorder/config.ts'
import { parseFrameHashes, parsePeak } from '../../recorder/decode-segment.ts'
import { lineEnd, placeAt, placePart } from '../../recorder/media-line.ts'
import { programClock } from '../../recorder/paced-pipe.ts'
import { eventOfChange } from '../../recorder/recorder-events.ts'
import { provenState } from '../../recorder/recorder-state.ts'
import { retryDelayMs } from '../../recorder/retry-delay.ts'
import { parseSegmentList } from '../../recorder/segment-list.ts'
import { hideSecrets, inputArguments, parseSource } from '../../recorder/source.ts'
import { featuresOf } from '../../storage/programs/ffmpeg.ts'
import type { MediaProbe } from '../../storage/programs/probe-media.ts'

const modern = featuresOf({ major: 5, minor: 1 }, 'system')
const bundled = featuresOf({ major: 4, minor: 1 }, 'bundled')
const probe = (video: string, audio: string): MediaProbe => ({
  durationMs: null,
  startMs: 0,
  container: 'x',
  streams: [
    { kind: 'video', index: 0, codec: video, width: 640, height: 360, framesPerSecond: 25 },
    { kind: 'audio', index: 1, codec: audio, sampleRate: 8000, channels: 1 },
  ],
})

describe('a source', () => {
  test('is read from what a person wrote, and anything else is refused with what was expected', () => {
    expect(parseSource('rtsp://cam.local/1')).toEqual({ kind: 'rtsp', url: 'rtsp://cam.local/1' })
    expect(parseSource('/srv/pleno.mp4', { speed: 8 })).toEqual({ kind: 'file', path: '/srv/pleno.mp4', speed: 8 })
    expect(parseSource('file:///srv/o%20pleno.mp4')).toMatchObject({ path: '/srv/o pleno.mp4' })
    expect(() => parseSource('https://u:p@x/y')).toThrow(/«https:\/\/\*\*\*@x\/y»: expected rtsp/)
    expect(() => parseSource('a.mp4', { speed: 0 })).toThrow(/expected 0.1 to 64/)
  })

  test('is asked for with the flags of the ffmpeg at hand', () => {
    const camera = parseSource('rtsp://10.0.0.1/1')
    expect(inputArguments(camera, modern)).toContain('-timeout')
    expect(inputArguments(camera, bundled)).toContain('-stimeout')
    expect(inputArguments(parseSource('/a.mp4', { speed: 4 }), modern, 12_500)).toEqual([
      '-readrate',
      '4',
      '-ss',
      '12.500',
      '-i',
      'file:/a.mp4',
    ])
    expect(inputArguments(parseSource('/a.mp4'), bundled)).toEqual(['-re', '-i', 'file:/a.mp4'])
  })

  test('never shows its password', () => {
    expect(hideSecrets('cannot open rtsp://admin:secret@10.0.0.1/1')).toBe('cannot open rtsp://***@10.0.0.1/1')
  })
})

describe('the command line of a capture', () => {
  const of = (video: string, audio: string) =>
    captureArguments({
      ...{ input: ['-i', 'x'], probe: probe(video, audio), audioInput: 0, folder: '/spool/part-000' },
      tracks: [{ kind: 'streams', track: 'master', picture: true }],
    })
  test('cuts flushed MPEG-TS segments of 4 s and copies what lies well in them', () => {
    const line = of('h264', 'aac').join(' ')
    expect(line).toContain(
      '-f segment -segment_time 4 -segment_time_delta 0.1 -segment_format mpegts -segment_format_options flush_packets=1',
    )
    expect(line).toContain('-c:v copy')
    expect(line).toContain('-c:a copy')
    expect(line).not.toContain('use_wallclock_as_timestamps')
  })

  test('encodes what does not, with a key picture every two seconds', () => {
    const line = of('mjpeg', 'pcm_alaw').join(' ')
    expect(line).toContain('-c:v libx264')
    expect(line).toContain('expr:gte(t,n_forced*2)')
    expect(line).toContain('-c:a aac')
  })
})

describe('the media line', () => {
  const clock = { wallMs: 1_000_000, monotonicNs: 50_000_000_000n, boot: 'b' }
  test('goes on after a gap as long as the clock says, whatever the wall clock did', () => {
    const stepped = { ...shifted(clock, 10_000), wallMs: clock.wallMs - 30_000 }
    const place = placePart({ mediaMs: 60_000, clock }, { partMs: 4000, clock: stepped }, 1)
    expect(place.baseMs).toBe(66_000)
    expect(placePart({ mediaMs: 60_000, clock }, { partMs: 4000, clock: shifted(clock, 2500) }, 4).baseMs).toBe(66_000)
    expect(placePart(undefined, { partMs: 4000, clock }, 1).baseMs).toBe(0)
  })

  test('across a boot follows the wall clock, and never runs backwards', () => {
    const rebooted = { wallMs: clock.wallMs + 90_000, monotonicNs: 5n, boot: 'c' }
    expect(placePart({ mediaMs: 60_000, clock }, { partMs: 0, clock: rebooted }, 1).baseMs).toBe(150_000)
    expect(placePart({ mediaMs: 60_000, clock }, { partMs: 4000, clock }, 1).baseMs).toBe(60_000)
    expect(placeAt({ mediaMs: 1000, clock }, shifted(clock, 500), 8)).toBe(5000)
    expect(lineEnd([])).toBeUndefined()
  })

  test('knows a file time of this boot on both clocks, and one from before by the wall alone', () => {
    const now = readClock()
    expect(Math.abs(elapsedMs(readingAt(now.wallMs - 5000), now) - 5000)).toBeLessThan(50)
    expect(readingAt(0)).toMatchObject({ wallMs: 0, monotonicNs: 0n, boot: `before-${now.boot}` })
  })
})

describe('the state of a recorder', () => {
  const facts = { wanted: 'recording', capturing: true, proofAgeMs: 1000, everProven: true, tryingMs: 0 } as const
  test('is set by proof alone', () => {
    expect(provenState(facts)).toBe('recording')
    expect(provenState({ ...facts, proofAgeMs: 6001 })).toBe('failed')
    expect(provenState({ ...facts, proofAgeMs: undefined })).toBe('starting')
    expect(provenState({ ...facts, proofAgeMs: undefined, tryingMs: 6001 })).toBe('failed')
    expect(provenState({ ...facts, capturing: false, proofAgeMs: undefined, everProven: false })).toBe('asked')
    expect(provenState({ ...facts, capturing: false, proofAgeMs: undefined, everProven: false, tryingMs: 13_000 })).toBe('failed')
  })

  test('is paused or stopped only when nothing is captured any more', () => {
    expect(provenState({ ...facts, wanted: 'paused' })).toBe('recording')
    expect(provenState({ ...facts, wanted: 'paused', capturing: false })).toBe('paused')
    expect(provenState({ ...facts, wanted: 'stopped', capturing: false })).toBe('stopped')
  })

  test('becomes an event where it tells something new', () => {
    expect(eventOfChange('starting', 'recording')).toBe('recording.proven')
    expect(eventOfChange('paused', 'starting')).toBe('recording.resumed')
    expect(eventOfChange('recording', 'failed')).toBe('recording.failed')
    expect(eventOfChange('recording', 'starting')).toBeUndefined()
  })
})

describe('what ffmpeg writes', () => {
  test('is read line by line, a line without its end left for later', () => {
    expect(parseSegmentList('s00000.ts,0.000000,4.021333\ns00001.ts,4.021333,8.0')).toEqual([{ index: 0, fromMs: 0, toMs: 4021 }])
  })

  test('tells pictures, sound, length and peak; silence is -120 dBFS and no sound is null', () => {
    const hashes =
      '#tb 0: 1/25\n#media_type 0: video\n#tb 1: 1/48000\n#media_type 1: audio\n0,  0,  0,  1, 864, 0xa\n1, 0, 48000, 1024, 2048, 0xb\n'
    expect(parseFrameHashes(hashes)).toEqual({ pictures: 1, sounds: 1, durationMs: 1021 })
    expect(parsePeak('[x] Peak level dB: -3.01\n[x] Peak level dB: -2.5')).toBe(-2.5)
    expect(parsePeak('[x] Peak level dB: -inf')).toBe(-120)
    expect(parsePeak('nothing')).toBeNull()
  })

  test('carries a clock in its packets (PCR), which paces it', () => {
    const packet = new Uint8Array(188)
    packet.set([0x47, 0x01, 0x00, 0x30, 0x07, 0x10, 0x00, 0x01, 0x5f, 0x90, 0x00])
    expect(programClock(packet)).toBe(180_000)
    expect(programClock(new Uint8Array(188))).toBeUndefined()
  })
})

describe('a try that failed', () => {
  test('is made again after anything up to a bound that doubles, and never later than a minute', () => {
    expect(retryDelayMs(0, 1)).toBe(500)
    expect(retryDelayMs(3, 1)).toBe(4000)
    expect(retryDelayMs(50, 1)).toBe(60_000)
    expect(retryDelayMs(50, 0)).toBe(0)
  })
})

describe('the settings of a recorder', () => {
  test('come from the environment, an empty one being none, and all mistakes are told at once', () => {
    expect(recorderConfig({ ESCANO_RECORDER_SOURCE: '', ESCANO_RECORDER_SPEED: '4' })).toEqual({
      enrolmentFile: './keys/recorder.json',
      keyFile: './keys/recorder.key',
      spool: './data/spool',
      speed: 4,
      page: { host: '0.0.0.0', port: 8443 },
    })
    expect(() => recorderConfig({ ESCANO_RECORDER_SPEED: 'fast' })).toThrow(/ESCANO_RECORDER_SPEED/)
  })
})

describe('what can be known of the time that passed', () => {
  const at = (wallMs: number, upMs: number, boot = 'a') => ({ wallMs, monotonicNs: BigInt(upMs) * 1_000_000n, boot })

  test('within a boot is what the steady clock says, wherever the wall was moved to', () => {
    expect(elapsedAtLeast(at(1_000_000, 5000), at(400_000, 9000), false)).toEqual({ ms: 4000 })
    expect(wallStepMs(at(1_000_000, 5000), at(400_000, 9000))).toBe(-604_000)
    expect(wallStepMs(at(1_000_000, 5000, 'a'), at(400_000, 9000, 'b'))).toBeUndefined()
  })

  test('across a boot is what the wall says, unless the machine has been up for longer: then that is the least, and said to be', () => {
    expect(elapsedAtLeast(at(1_000_000, 5000, 'a'), at(1_060_000, 20_000, 'b'), true)).toEqual({ ms: 60_000 })
    expect(elapsedAtLeast(at(1_000_000, 5000, 'a'), at(400_000, 20_000, 'b'), true)).toEqual({ ms: 20_000, leastMs: 20_000 })
    const place = placePart({ mediaMs: 8000, clock: at(1_000_000, 5000, 'a') }, { partMs: 4000, clock: at(400_000, 24_000, 'b') }, 1)
    expect(place).toMatchObject({ baseMs: 28_000, atLeast: true })
  })

  test('of a file that nobody watched is read by the clock of then when it was moved since, and by the media line when neither agrees', () => {
    const now = at(1_000_000, 100_000)
    // The clock was 30 s ahead when the part began at 50 s of uptime; its tail was written 8 s later.
    const expected = at(988_000, 58_000)
    expect(unwatchedReading(988_300, expected, now).monotonicNs).toBe(58_300_000_000n)
    expect(unwatchedReading(958_200, expected, now).monotonicNs).toBe(58_200_000_000n)
    expect(unwatchedReading(500_000, expected, now)).toEqual(expected)
    expect(unwatchedReading(960_000, undefined, now).monotonicNs).toBe(60_000_000_000n)
    // An earlier boot's file keeps the clock of its boot.
    expect(unwatchedReading(988_300, { ...expected, boot: 'z' }, now)).toMatchObject({ boot: 'z', monotonicNs: 58_300_000_000n })
  })
})

test('a step of the wall is told of for two minutes, and slewing is none', () => {
  const at = (wallMs: number, upMs: number) => ({ wallMs, monotonicNs: BigInt(upMs) * 1_000_000n, boot: 'a' })
  const watch = new ClockWatch()
  watch.look(at(1_000_000, 1000))
  watch.look(at(1_001_100, 2000))
  expect(watch.alarms).toEqual([])
  watch.look(at(972_100, 3000))
  watch.look(at(973_100, 4000))
  expect(watch.alarms).toEqual([{ code: 'clock-stepped', sinceWallMs: 972_100 }])
  watch.look(at(1_093_100, 124_000))
  expect(watch.alarms).toEqual([])
})
