/** A day without hour, ISO 8601: `2026-10-27`. */
export type IsoDay = string

/** A day on which no term runs, with whose day it is. */
export interface Holiday {
  day: IsoDay
  name: { gl: string; es: string }
  scope: 'state' | 'galicia' | 'local'
}

const fixed: readonly [monthDay: string, gl: string, es: string, scope: Holiday['scope']][] = [
  ['01-01', 'Aninovo', 'Año Nuevo', 'state'],
  ['01-06', 'Reis', 'Reyes', 'state'],
  ['05-01', 'Festa do Traballo', 'Fiesta del Trabajo', 'state'],
  ['05-17', 'Letras Galegas', 'Letras Gallegas', 'galicia'],
  ['07-25', 'Día Nacional de Galicia', 'Día Nacional de Galicia', 'galicia'],
  ['08-15', 'Asunción', 'Asunción', 'state'],
  ['10-12', 'Festa Nacional de España', 'Fiesta Nacional de España', 'state'],
  ['11-01', 'Todos os Santos', 'Todos los Santos', 'state'],
  ['12-06', 'Día da Constitución', 'Día de la Constitución', 'state'],
  ['12-08', 'Inmaculada', 'Inmaculada', 'state'],
  ['12-25', 'Nadal', 'Navidad', 'state'],
]

/** Days that Galicia chose for one year instead of those that fall on a Sunday; the decree of each year (DOG) says them. */
const chosen: readonly Holiday[] = [
  { day: '2026-03-19', name: { gl: 'San Xosé', es: 'San José' }, scope: 'galicia' },
  { day: '2026-06-24', name: { gl: 'San Xoán', es: 'San Juan' }, scope: 'galicia' },
]

/** Easter Sunday of the Gregorian calendar (the method published anonymously in Nature, 1876; Meeus, Astronomical Algorithms, ch. 8). */
export function easterSunday(year: number): IsoDay {
  const a = year % 19
  const [b, c] = [Math.floor(year / 100), year % 100]
  const g = Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3)
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7
  const n = h + l - 7 * Math.floor((a + 11 * h + 22 * l) / 451) + 114
  return `${year}-${pad(Math.floor(n / 31))}-${pad((n % 31) + 1)}`
}

/**
 * The days of a year that the State (RD 2001/1983, art. 45) and Galicia keep. A day that its decree moved away is still counted:
 * that errs towards convening earlier. Local days, and what a new decree adds, are entered by the council.
 */
export function knownHolidays(year: number): Holiday[] {
  const easter = easterSunday(year)
  const moving: Holiday[] = [
    { day: addDays(easter, -3), name: { gl: 'Xoves Santo', es: 'Jueves Santo' }, scope: 'galicia' },
    { day: addDays(easter, -2), name: { gl: 'Venres Santo', es: 'Viernes Santo' }, scope: 'state' },
  ]
  const days = fixed.map(([monthDay, gl, es, scope]): Holiday => ({ day: `${year}-${monthDay}`, name: { gl, es }, scope }))
  return [...days, ...moving, ...chosen.filter((one) => one.day.startsWith(`${year}-`))].sort((one, other) =>
    one.day < other.day ? -1 : 1,
  )
}

/** Whether terms run on a day: no Saturday, Sunday or holiday (Ley 39/2015, art. 30.2). `entered` are the council's own days. */
export function isWorkingDay(day: IsoDay, entered: readonly IsoDay[] = []): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  if (weekday === 0 || weekday === 6 || entered.includes(day)) return false
  return !knownHolidays(Number(day.slice(0, 4))).some((one) => one.day === day)
}

/**
 * Whole working days between two days, neither of them counted: the day of the notice is not (Ley 39/2015, art. 30.3), and on the
 * day of the session the members already sit.
 */
export function workingDaysBetween(from: IsoDay, until: IsoDay, entered: readonly IsoDay[] = []): number {
  let count = 0
  for (let day = addDays(from, 1); day < until; day = addDays(day, 1)) if (isWorkingDay(day, entered)) count += 1
  return count
}

/** The last day on which a session of `day` may still be convened with `needed` working days between. */
export function lastDayToConvene(day: IsoDay, needed: number, entered: readonly IsoDay[] = []): IsoDay {
  let notice = addDays(day, -1)
  while (workingDaysBetween(notice, day, entered) < needed) notice = addDays(notice, -1)
  return notice
}

/** The first day for a session that is convened on `day`. */
export function firstDayForSession(day: IsoDay, needed: number, entered: readonly IsoDay[] = []): IsoDay {
  let session = addDays(day, 1)
  while (workingDaysBetween(day, session, entered) < needed) session = addDays(session, 1)
  return session
}

/** A day so many days later, or earlier when negative. */
export function addDays(day: IsoDay, days: number): IsoDay {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10)
}

/** The same day of a later month, or that month's last day: 31 December and two months is 28 February. */
export function addMonths(day: IsoDay, months: number): IsoDay {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0))
  return `${last.toISOString().slice(0, 8)}${pad(Math.min(date, last.getUTCDate()))}`
}

const pad = (value: number) => String(value).padStart(2, '0')
