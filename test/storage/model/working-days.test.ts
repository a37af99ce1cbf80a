import { describe, expect, test } from 'vitest'
import { momentOf, wallTime } from '../../../storage/model/council-clock.ts'
import {
  addMonths,
  easterSunday,
  firstDayForSession,
  isWorkingDay,
  knownHolidays,
  lastDayToConvene,
  workingDaysBetween,
} from '../../../storage/model/working-days.ts'

describe('the calendar', () => {
  // Dates published by the US Census Bureau and by almanacs; 1818 and 2285 are the earliest day possible, 2038 the latest.
  test.each([
    [1818, '1818-03-22'],
    [1961, '1961-04-02'],
    [2000, '2000-04-23'],
    [2008, '2008-03-23'],
    [2016, '2016-03-27'],
    [2019, '2019-04-21'],
    [2024, '2024-03-31'],
    [2025, '2025-04-20'],
    [2026, '2026-04-05'],
    [2027, '2027-03-28'],
    [2038, '2038-04-25'],
  ])('Easter of %i falls on %s', (year, day) => {
    expect(easterSunday(year)).toBe(day)
  })

  test('the days that Galicia keeps in 2026 are those of its decree, and the Sundays that they stand for', () => {
    const days = knownHolidays(2026).map((one) => one.day)
    const decree = ['01-01', '01-06', '03-19', '04-02', '04-03', '05-01', '06-24', '07-25', '08-15', '10-12', '12-08', '12-25']
    expect(days).toEqual(expect.arrayContaining(decree.map((day) => `2026-${day}`)))
    const others = days.filter((day) => !decree.includes(day.slice(5)))
    expect(others.map((day) => new Date(`${day}T00:00:00Z`).getUTCDay())).toEqual([0, 0, 0])
  })

  test.each([
    ['2026-10-26', true, 'a Monday'],
    ['2026-10-24', false, 'a Saturday'],
    ['2026-10-25', false, 'a Sunday'],
    ['2026-10-12', false, 'a State holiday'],
    ['2027-05-17', false, 'Letras Galegas'],
    ['2027-03-25', false, 'Xoves Santo'],
    ['2026-10-05', true, 'San Froilán where nobody entered it'],
  ])('%s: terms run there %s (%s)', (day, works) => {
    expect(isWorkingDay(day)).toBe(works)
  })

  test('a local day counts only for who entered it', () => {
    expect(isWorkingDay('2026-10-05', ['2026-10-05'])).toBe(false)
  })

  test('a month more from a long month ends on the last day of the short one', () => {
    expect(addMonths('2026-12-31', 2)).toBe('2027-02-28')
    expect(addMonths('2026-10-27', 2)).toBe('2026-12-27')
  })
})

describe('R2: two whole working days lie between the convocation and the session', () => {
  test.each([
    ['Monday to Thursday', '2026-10-19', '2026-10-22', [], 2],
    ['Monday to Wednesday: one day only', '2026-10-19', '2026-10-21', [], 1],
    ['Thursday to Monday: Friday only', '2026-10-22', '2026-10-26', [], 1],
    ['Thursday to Tuesday over a weekend', '2026-10-22', '2026-10-27', [], 2],
    ['over 12 October, a State Monday', '2026-10-09', '2026-10-14', [], 1],
    ['over Santiago, a Galician Sunday of 2027', '2027-07-22', '2027-07-27', [], 2],
    ['over Santiago, a Galician Tuesday of 2028', '2028-07-24', '2028-07-27', [], 1],
    ['over Holy Week', '2026-03-31', '2026-04-07', [], 2],
    ['over a local Monday, not entered', '2026-10-01', '2026-10-07', [], 3],
    ['over a local Monday, entered', '2026-10-01', '2026-10-07', ['2026-10-05'], 2],
    ['over the bridge of December', '2027-12-03', '2027-12-10', [], 2],
    ['the same day', '2026-10-19', '2026-10-19', [], 0],
    ['over the new year', '2026-12-30', '2027-01-05', [], 2],
  ])('%s', (_, from, until, entered, days) => {
    expect(workingDaysBetween(from, until, entered)).toBe(days)
  })

  test('the last day to convene and the first day to sit answer each other', () => {
    expect(lastDayToConvene('2026-10-27', 2)).toBe('2026-10-22')
    expect(firstDayForSession('2026-10-22', 2)).toBe('2026-10-27')
    expect(lastDayToConvene('2026-10-14', 2)).toBe('2026-10-08')
  })
})

describe('the clock of the council', () => {
  test.each([
    ['2026-10-27', '19:30', '2026-10-27T18:30:00.000Z'],
    ['2026-07-27', '19:30', '2026-07-27T17:30:00.000Z'],
    ['2026-10-25', '02:30', '2026-10-25T00:30:00.000Z'],
    ['2026-12-31', '00:00', '2026-12-30T23:00:00.000Z'],
  ])('%s %s in Madrid is %s', (day, time, utc) => {
    const ms = momentOf({ day, time }, 'Europe/Madrid')
    expect(ms === undefined ? undefined : new Date(ms).toISOString()).toBe(utc)
    expect(wallTime(ms ?? 0, 'Europe/Madrid')).toEqual({ day, time })
  })

  test('an hour that the clocks jumped over is none', () => {
    expect(momentOf({ day: '2026-03-29', time: '02:30' }, 'Europe/Madrid')).toBeUndefined()
    expect(momentOf({ day: '2026-13-01', time: '02:30' }, 'Europe/Madrid')).toBeUndefined()
  })
})
