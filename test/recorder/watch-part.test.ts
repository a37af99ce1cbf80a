import { expect, test, vi } from 'vitest'
import { type WatchedPart, watchPart } from '../../recorder/watch-part.ts'

test('an agent that stood still between a look at the disk and the clock neither ends ffmpeg nor says that nothing is written', async () => {
  const steady = process.hrtime.bigint
  let stoodStillNs = 0n
  const clock = vi.spyOn(process.hrtime, 'bigint').mockImplementation(() => steady.call(process.hrtime) + stoodStillNs)
  try {
    const [looks, stops]: [number[], unknown[]] = [[], []]
    const turn = new AbortController()
    let exit: () => void = () => undefined
    const exited = new Promise<void>((resolve) => {
      exit = resolve
    })
    let asked = 0
    const follower = {
      growth: async () => {
        // Written on all the time; at the third look nothing new yet, and then the machine is suspended.
        const bytes = ++asked === 3 ? 2 : asked
        if (asked === 3) stoodStillNs = 11_000_000_000n
        return { bytes }
      },
      ...{ keepClosed: async () => [], keepAll: async () => [], syncOpen: async () => undefined },
    }
    const part = {
      capture: {
        exited,
        stop: async (ladder: unknown) => {
          stops.push(ladder)
          exit()
        },
      },
      ...{ followers: [follower], prover: { prove: async () => undefined }, ending: turn.signal },
      onLook: (_: number, stillMs: number) => {
        looks.push(stillMs)
        if (looks.length === 5) turn.abort()
      },
      ...{ onProof: () => undefined, onGone: () => undefined },
    }
    expect(await watchPart(part as unknown as WatchedPart)).toBe('told')
    // Without a ladder of its own: it was told to stop, not killed.
    expect(stops).toEqual([undefined])
    expect(Math.max(...looks)).toBeLessThan(3000)
  } finally {
    clock.mockRestore()
  }
})
