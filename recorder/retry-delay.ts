/** Full jitter: anything up to 0.5 s doubled at each failure, never above 60 s. */
export function retryDelayMs(failures: number, random: number): number {
  return Math.round(random * Math.min(60_000, 500 * 2 ** Math.min(failures, 10)))
}
