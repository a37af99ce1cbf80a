import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { featuresOf, findFfmpeg, parseFfmpegVersion } from '../../../storage/programs/ffmpeg.ts'
import { probeMedia } from '../../../storage/programs/probe-media.ts'

const sample = join(import.meta.dirname, '../../fixtures/sample-session/session.mp4')
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'escano-programs-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('ffmpeg', () => {
  test('is found, and the one that came with the packages serves when the system has none', async () => {
    const found = await findFfmpeg({ PATH: process.env.PATH })
    const bundled = await findFfmpeg({ PATH: folder })
    expect(['system', 'bundled']).toContain(found.origin)
    expect(bundled).toMatchObject({ origin: 'bundled', features: { readrate: false, rtspTimeoutFlag: 'stimeout', resolvesNames: false } })
  })

  test('that was configured is taken or refused, never replaced by another', async () => {
    await expect(findFfmpeg({ PATH: process.env.PATH, FFMPEG_PATH: '/nowhere/ffmpeg' })).rejects.toThrow(
      /\/nowhere\/ffmpeg failed its self-test/,
    )
  })

  test('that names a version but cannot encode is refused with what it decoded', async () => {
    const liar = join(folder, 'liar')
    await writeFile(liar, '#!/bin/sh\necho "ffmpeg version 6.1 Copyright (c) 2000-2024"\n')
    await chmod(liar, 0o755)
    await expect(findFfmpeg({ FFMPEG_PATH: liar })).rejects.toThrow(/decoded 0 pictures and 0 frames of sound/)
  })

  test('is asked for its options by the version it has', () => {
    const debian = parseFfmpegVersion('ffmpeg version 5.1.9-0+deb12u1 Copyright (c) 2000-2026')
    const ubuntu = parseFfmpegVersion('ffmpeg version n4.4.2 Copyright (c) 2000-2021')
    const git = parseFfmpegVersion('ffmpeg version N-47683-g0e8eb07980-static https://x Copyright (c) 2000-2018')
    expect([debian.major, ubuntu.major, git.major]).toEqual([5, 4, 4])
    expect(featuresOf(debian, 'system').rtspTimeoutFlag).toBe('timeout')
    expect(featuresOf(ubuntu, 'system').rtspTimeoutFlag).toBe('stimeout')
  })
})

describe('a media file', () => {
  test.each(['system', 'bundled'])('is described alike by the %s ffmpeg', async (which) => {
    const ffmpeg = await findFfmpeg(which === 'bundled' ? { PATH: folder } : { PATH: process.env.PATH })
    expect(await probeMedia(ffmpeg, sample)).toMatchObject({
      durationMs: 208_080,
      streams: [
        { kind: 'video', codec: 'h264', width: 640, height: 360, framesPerSecond: 25 },
        { kind: 'audio', codec: 'aac', sampleRate: 48_000, channels: 1 },
      ],
    })
  })

  test('that is none is refused with the reason', async () => {
    const ffmpeg = await findFfmpeg({ PATH: process.env.PATH })
    const text = join(folder, 'notes.txt')
    await writeFile(text, 'not a recording')
    await expect(probeMedia(ffmpeg, text)).rejects.toThrow(/cannot be read as sound or picture: .*Invalid data/)
    await expect(probeMedia(ffmpeg, join(folder, 'missing.mp4'))).rejects.toThrow(/No such file/)
  })
})
