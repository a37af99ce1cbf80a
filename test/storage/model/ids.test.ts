import { expect, test } from 'vitest'
import { eventId, newId } from '../../../storage/model/ids.ts'

test('ids are UUIDv7, never the same twice, and sort by the millisecond they were made in', () => {
  const made = Array.from({ length: 2000 }, (_, at) => newId(1_790_000_000_000 + at))
  expect(made.every((id) => eventId.safeParse(id).success)).toBe(true)
  expect([...made].sort()).toEqual(made)
  const random = Array.from({ length: 20_000 }, () => newId(1_790_000_000_000).slice(14))
  expect(new Set(random).size).toBe(random.length)
})
