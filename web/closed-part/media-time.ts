/**
 * Reads a place of the recording as people write it: «12:30», «1:02:03,5», «90».
 * @returns ms, or undefined when it is none
 */
export function parseMediaTime(text: string): number | undefined {
  const found = /^\s*(?:(?:(\d{1,2}):)?(\d{1,3}):)?(\d{1,5})(?:[.,](\d{1,3}))?\s*$/.exec(text)
  if (!found) return undefined
  const [, hours = '0', minutes = '0', seconds = '0', part = ''] = found
  if (found[2] !== undefined && Number(seconds) > 59) return undefined
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(part.padEnd(3, '0'))
}

/** «1:02:03,5»: hours only when there are some, tenths only when they are not zero. */
export function mediaTime(ms: number): string {
  const tenths = Math.round(ms / 100)
  const [hours, minutes, seconds] = [Math.floor(tenths / 36_000), Math.floor(tenths / 600) % 60, Math.floor(tenths / 10) % 60]
  const two = (n: number) => String(n).padStart(2, '0')
  const rest = tenths % 10 === 0 ? '' : `,${tenths % 10}`
  return `${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(seconds)}${rest}`
}
