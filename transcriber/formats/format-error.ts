/** A file of references or results that does not hold what its format says; the message names the line. */
export class FormatError extends Error {
  override readonly name = 'FormatError'
}

const mostLines = 500_000
const mostCharacters = 100_000_000

/** Lines that say something, with their number: comments (`;;`) and empty ones are left out. @throws FormatError too many or too long */
export function contentLines(text: string, format: string): { number: number; line: string }[] {
  if (text.length > mostCharacters) throw new FormatError(`the ${format} is larger than ${mostCharacters} characters`)
  const lines = text.split(/\r?\n/)
  if (lines.length > mostLines) throw new FormatError(`the ${format} has more than ${mostLines} lines`)
  return lines.map((line, i) => ({ number: i + 1, line: line.trim() })).filter(({ line }) => line !== '' && !line.startsWith(';;'))
}

/** Seconds of a field. @throws FormatError */
export function secondsField(text: string | undefined, where: string): number {
  const value = text !== undefined && /^-?\d+(\.\d+)?(e-?\d+)?$/i.test(text) ? Number(text) : Number.NaN
  if (!(value >= 0 && value <= 1_000_000)) throw new FormatError(`${where}: expected seconds, found "${(text ?? '').slice(0, 40)}"`)
  return value
}

/** End of something that begins at `start` and lasts `duration` seconds, without the dust of binary fractions. */
export function endOf(start: number, duration: number): number {
  return Math.round((start + duration) * 1e6) / 1e6
}

/** Seconds with three decimals, as all three formats are written. */
export function seconds(value: number): string {
  return value.toFixed(3)
}

/** A field that spaces would part: they become `_`. One that is empty, or would make the line a comment, is marked the same way. */
export function nameField(text: string): string {
  const whole = text.trim().replaceAll(/\s+/g, '_')
  return whole === '' || whole.startsWith(';;') ? `_${whole}` : whole
}
