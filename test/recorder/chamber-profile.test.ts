import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readChamberProfile } from '../../recorder/chamber-profile.ts'

const good = {
  v: 1,
  name: 'Salón de plenos',
  sources: [
    { id: 'camera', name: 'Cámara', from: 'rtsp://camara.local/1' },
    { id: 'mesa', name: 'Mesa', from: 'alsa:hw:1?channels=4', microphones: [{ name: 'presidencia', open: true }], mix: [1, 2] },
  ],
  microphones: { system: 'shure-mxcw', host: '10.0.0.5', seats: { '12': 3 } },
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'escano-profile-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** What is said of a profile in which one place holds something else; undefined takes it out. */
async function saidOf(place: string, value: unknown): Promise<string> {
  const profile = structuredClone(good) as Record<string, unknown>
  const steps = place.split('.')
  const last = steps.pop() ?? ''
  const holder = steps.reduce<Record<string, unknown>>((at, step) => at[step] as Record<string, unknown>, profile)
  if (value === undefined) delete holder[last]
  else holder[last] = value
  const path = join(folder, 'sala.json')
  await writeFile(path, JSON.stringify(profile))
  return await readChamberProfile(path).then(
    () => 'taken',
    (error: Error) => {
      expect(error.name).toBe('ChamberProfileError')
      expect(error.message.startsWith(`chamber profile ${path}: `)).toBe(true)
      return error.message.slice(`chamber profile ${path}: `.length)
    },
  )
}

test('a whole profile is taken', async () => {
  expect(await saidOf('name', 'Salón')).toBe('taken')
})

test.for<[string, unknown, string]>([
  ['v', 2, 'v should be 1'],
  ['v', undefined, 'v is missing; it should be 1'],
  ['name', '', 'name is empty'],
  ['name', 7, 'name should be a text'],
  ['name', undefined, 'name is missing; it should be a text'],
  ['name', 'x'.repeat(101), 'name is longer than 100 characters'],
  ['sources', [], 'sources names no source'],
  ['sources', 'camera', 'sources should be a list'],
  ['sources.0.id', 'Cámara 1', 'sources[0].id must begin with a small letter and have only small letters, digits and hyphens, 31 at most'],
  ['sources.1.id', 'camera', 'two sources have the same id «camera»'],
  ['sources.0.name', undefined, 'sources[0].name is missing; it should be a text'],
  ['sources.0.from', undefined, 'sources[0].from is missing; it should be a text'],
  [
    'sources.0.from',
    'http://camara/1',
    'sources[0].from: source «http://camara/1»: expected rtsp://…, srt://…, rtmp://…, alsa:…, v4l2:…, screen:…, test: or the path of a file',
  ],
  [
    'sources.1.from',
    'alsa:hw:1?channels=64',
    'sources[1].from: source «alsa:hw:1?channels=64»: channels must be a whole number from 1 to 32',
  ],
  ['sources.0.from', 'alsa:hw:2', 'two sound cards: join them to one ALSA device, so that they share a clock'],
  ['sources.1.microphones', 'todos', 'sources[1].microphones should be a list'],
  ['sources.1.microphones.0.name', '', 'sources[1].microphones[0].name is empty'],
  ['sources.1.microphones.0.open', 'si', 'sources[1].microphones[0].open should be true or false'],
  ['sources.1.mix', [9], 'mesa: mix names channel 9 of 4'],
  ['sources.1.mix', [0], 'sources[1].mix[0] should be a whole number from 1 to 32'],
  ['sources.1.mix', [], 'sources[1].mix names no channel'],
  ['sources.1.volume', 3, 'sources[1].volume is not a field of a chamber profile'],
  ['camera', 'rtsp://x', 'camera is not a field of a chamber profile'],
  ['microphones.system', 'bosch', 'microphones.system should be "shure-mxcw", the only system known so far'],
  ['microphones.host', undefined, 'microphones.host is missing; it should be a text'],
  ['microphones.port', 70_000, 'microphones.port should be a whole number from 1 to 65535'],
  ['microphones.seats', { '12': 'tres' }, 'microphones.seats.12 should be a whole number from 1 to 65535'],
])('of %s as %j it says which field is wrong and what it should be', async ([place, value, sentence]) => {
  expect(await saidOf(place, value)).toBe(sentence)
})

test('of several mistakes each is told; a file that is no JSON, or not there, too', async () => {
  const path = join(folder, 'several.json')
  await writeFile(path, JSON.stringify({ ...good, v: 3, name: '' }))
  await expect(readChamberProfile(path)).rejects.toThrow(/v should be 1; name is empty$/)
  await writeFile(path, '{"v": 1,')
  await expect(readChamberProfile(path)).rejects.toThrow(/several\.json: this is not JSON: /)
  await writeFile(path, '[]')
  await expect(readChamberProfile(path)).rejects.toThrow(/several\.json: the file /)
  await expect(readChamberProfile(join(folder, 'none.json'))).rejects.toThrow(/none\.json: .*no such file/)
})
