import type { Language } from '../../storage/model/council.ts'

const locale: Record<Language, string> = { gl: 'gl-ES', es: 'es-ES' }

/** «27 de outubro de 2026», on the council's clock. `Intl` has no Galician data in some builds, so the months stand here. */
const months: Record<Language, string[]> = {
  gl: ['xaneiro', 'febreiro', 'marzo', 'abril', 'maio', 'xuño', 'xullo', 'agosto', 'setembro', 'outubro', 'novembro', 'decembro'],
  es: ['enero', 'febrero', 'marzo', 'abril', 'mayo', 'junio', 'julio', 'agosto', 'septiembre', 'octubre', 'noviembre', 'diciembre'],
}

function partsIn(ms: number, timeZone: string): Record<string, string> {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  })
  return Object.fromEntries(format.formatToParts(ms).map((part) => [part.type, part.value]))
}

export function longDate(ms: number, language: Language, timeZone: string): string {
  const { day = '', month = '1', year = '' } = partsIn(ms, timeZone)
  return `${Number(day)} de ${months[language][Number(month) - 1] ?? ''} de ${year}`
}

/** «27 de outubro» */
export function shortDate(ms: number, language: Language, timeZone: string): string {
  const { day = '', month = '1' } = partsIn(ms, timeZone)
  return `${Number(day)} de ${months[language][Number(month) - 1] ?? ''}`
}

export function yearOf(ms: number, timeZone: string): string {
  return partsIn(ms, timeZone).year ?? ''
}

/** «19:42» */
export function clockTime(ms: number, timeZone: string): string {
  const { hour = '', minute = '' } = partsIn(ms, timeZone)
  return `${hour}:${minute}`
}

/** «19:42:10» */
export function exactTime(ms: number, timeZone: string): string {
  const { hour = '', minute = '', second = '' } = partsIn(ms, timeZone)
  return `${hour}:${minute}:${second}`
}

/** A place on the media line: «0:26:10», or «3:28» below an hour. */
export function mediaClock(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const pad = (n: number) => String(n).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor(seconds / 60) % 60
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`
}

/** «1 h 48 min», «3 min 28 s», «45 s» */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000)
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  if (hours > 0) return minutes > 0 ? `${hours} h ${minutes} min` : `${hours} h`
  if (minutes > 0) return rest > 0 ? `${minutes} min ${rest} s` : `${minutes} min`
  return `${rest} s`
}

/** «412 kB», «3,3 MB», «2,1 GB»: decimal comma in both languages. */
export function fileSize(bytes: number, language: Language): string {
  const [value, unit] =
    bytes < 1_000_000
      ? [Math.ceil(bytes / 1000), 'kB']
      : bytes < 1_000_000_000
        ? [Math.round(bytes / 100_000) / 10, 'MB']
        : [Math.round(bytes / 100_000_000) / 10, 'GB']
  return `${new Intl.NumberFormat(locale[language]).format(value)} ${unit}`
}

/** «Castro, Otero e Vila» */
export function list(names: string[], language: Language): string {
  if (names.length < 2) return names.join('')
  return `${names.slice(0, -1).join(', ')} ${language === 'gl' ? 'e' : 'y'} ${names.at(-1)}`
}
