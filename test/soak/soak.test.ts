import { expect, test } from 'vitest'
import { planFaults } from './faults.ts'

test('a plan of faults is the same for the same seed, whole, and leaves the beginning and the end alone', () => {
  const plan = planFaults(7, 1_800_000)
  expect(planFaults(7, 1_800_000)).toEqual(plan)
  expect(planFaults(8, 1_800_000)).not.toEqual(plan)
  expect(plan.length).toBe(7)
  expect(plan.every(({ atMs }) => atMs >= 180_000 && atMs <= 1_440_000)).toBe(true)
})
