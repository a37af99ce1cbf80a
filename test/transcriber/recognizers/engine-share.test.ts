import { expect, test } from 'vitest'
import { chunksAtOnce, shareMachine } from '../../../transcriber/recognizers/engine-share.ts'

const gigabyte = 1e9

test('an engine a core, as long as all of them fit into a quarter of the memory', () => {
  const small = 487_601_967
  expect(shareMachine({ cores: 2, memoryBytes: 8 * gigabyte }, small)).toEqual({ engines: 2, threads: 1 })
  expect(shareMachine({ cores: 2, memoryBytes: 4 * gigabyte }, small)).toEqual({ engines: 1, threads: 2 })
  expect(shareMachine({ cores: 4, memoryBytes: 8 * gigabyte }, small)).toEqual({ engines: 2, threads: 2 })
  expect(shareMachine({ cores: 16, memoryBytes: 64 * gigabyte }, small)).toEqual({ engines: 4, threads: 4 })
  expect(shareMachine({ cores: 1, memoryBytes: gigabyte }, 3 * gigabyte)).toEqual({ engines: 1, threads: 1 })
})

test('what the operator says is done', () => {
  expect(shareMachine({ cores: 8, memoryBytes: 4 * gigabyte }, gigabyte, { concurrency: 3 })).toEqual({ engines: 3, threads: 2 })
  expect(shareMachine({ cores: 2, memoryBytes: 8 * gigabyte }, 1e8, { threads: 5 }).threads).toBe(5)
  expect(chunksAtOnce({ cores: 8, memoryBytes: gigabyte }, { remote: true })).toBe(1)
  expect(chunksAtOnce({ cores: 8, memoryBytes: gigabyte }, { remote: false })).toBe(4)
  expect(chunksAtOnce({ cores: 8, memoryBytes: gigabyte }, { remote: true, concurrency: 6 })).toBe(6)
})
