/** What a machine has to share out among engines. */
export interface Machine {
  cores: number
  memoryBytes: number
}

/** No more engines than these by themselves: beyond, memory's own speed is what they share. */
const mostEngines = 4
/** An engine holds its model and, beside it, what it works with (measured 0.17 to 0.2 GB with tiny and base). */
const workBytes = 250_000_000

/**
 * Engines and threads of each, where the operator says nothing: an engine a core, since engines of one thread never wait for each other
 * (recognizer-pool.ts), as long as all of them fit into a quarter of the memory; the recorder and the database live there too.
 */
export function shareMachine(
  machine: Machine,
  modelBytes: number,
  wanted: { threads?: number; concurrency?: number } = {},
): { engines: number; threads: number } {
  const fitting = Math.floor(machine.memoryBytes / 4 / (modelBytes + workBytes))
  const engines = wanted.concurrency ?? Math.max(1, Math.min(mostEngines, machine.cores, fitting))
  return { engines, threads: wanted.threads ?? Math.max(1, Math.min(8, Math.floor(machine.cores / engines))) }
}

/** Chunks that a worker takes at once; those that find no free engine wait for one. An engine elsewhere gets one at a time. */
export function chunksAtOnce(machine: Machine, of: { concurrency?: number; remote: boolean }): number {
  return of.concurrency ?? (of.remote ? 1 : Math.min(mostEngines, machine.cores))
}
