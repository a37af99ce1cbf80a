import { expect, test } from 'vitest'
import { closeRecording } from '../../../minutes/recording/close-recording.ts'
import { findFfmpeg } from '../../../storage/programs/ffmpeg.ts'
import { readStage, setStage } from '../../../storage/records/sessions.ts'
import { openTestStorage } from '../../servers/test-storage.ts'

test('a session of which nothing ever came stands without a recording: nothing is sealed, its acta is asked for, twice is once', async () => {
  await using storage = await openTestStorage()
  const place = { council: storage.council.id, session: storage.session.id }
  const stage = () => storage.database.inCouncil(place.council, (tx) => readStage(tx, place.session))
  const parts = {
    ...{ storage, ffmpeg: await findFfmpeg(process.env), publicUrl: 'http://localhost:4680', product: 'test' },
    sealsOf: () => expect.fail('nothing is there to be sealed'),
    trust: () => expect.fail('nothing is there to be trusted'),
  }
  const drafted: string[] = []
  await storage.jobs.work('acta.draft', { concurrency: 1 }, async ({ session }) => void drafted.push(session))

  // Before the recorders have said their last word it is nobody's to close.
  await closeRecording(parts, place)
  expect(await stage()).toBe('prepared')
  await storage.database.inCouncil(place.council, (tx) => setStage(tx, place.session, 'recorded'))
  await closeRecording(parts, place)
  await closeRecording(parts, place)
  expect(await stage()).toBe('closed')
  await expect.poll(() => drafted).toEqual([place.session])
  const objects = []
  for await (const object of storage.objects.list(`councils/${place.council}/`)) objects.push(object.key)
  expect(objects).toEqual([])
})
