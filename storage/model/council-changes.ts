import type { Council, EnteredHoliday, Group, Member, Office, Recipient, Seat } from './council.ts'
import { addDays, type IsoDay } from './working-days.ts'

/** A change of the council that would lose or contradict what is there. */
export class CouncilRefusedError extends Error {
  override readonly name = 'CouncilRefusedError'
  readonly reason:
    | 'group-in-use'
    | 'group-twice'
    | 'office-taken'
    | 'role-before-it-began'
    | 'role-not-open'
    | 'seat-taken'
    | 'seat-before-it-began'
    | 'holiday-twice'
    | 'gone'
  /** Whom or what it stands against, as people call it. */
  readonly about: string
  constructor(reason: CouncilRefusedError['reason'], about = '') {
    super(`the council cannot be changed so: ${reason}`)
    this.reason = reason
    this.about = about
  }
}

/** Offices that one person at a time holds. */
const single: readonly Office[] = ['mayor', 'secretary', 'intervention']
type DatedRole = Member['roles'][number]

/** A member new, or with changed particulars; roles are begun and ended, never written over. */
export function putMember(of: Council, member: Omit<Member, 'roles'>): Council {
  const before = of.members.find((one) => one.id === member.id)
  const next = { ...member, roles: before?.roles ?? [] }
  return { ...of, members: before ? of.members.map((one) => (one.id === member.id ? next : one)) : [...of.members, next] }
}

/**
 * Somebody takes an office from a day. Who held an office of one person leaves it the day before, and that is kept (R80).
 * @throws CouncilRefusedError somebody takes it later already, or the holder began that very day
 */
export function beginRole(of: Council, member: Member['id'], role: DatedRole): Council {
  const taken = single.includes(role.office) ? of.members.flatMap((one) => one.roles.map((held) => ({ one, held }))) : []
  const overlaps = taken.filter(({ held }) => held.office === role.office && meets(held, role))
  const blocking = overlaps.find(({ held }) => held.from >= role.from || held.until !== undefined)
  if (blocking) throw new CouncilRefusedError('office-taken', `${blocking.one.name} ${blocking.one.surname}`)
  const until = addDays(role.from, -1)
  const left = mapRoles(of, (held) => (overlaps.some((one) => one.held === held) ? { ...held, until } : held))
  return mapMember(left, member, (one) => ({ ...one, roles: [...one.roles, role] }))
}

/**
 * Somebody substitutes in an office for some days; who holds it goes on after them, with a role of their own (R80).
 * @throws CouncilRefusedError nobody, or somebody already substituting, holds it
 */
export function substitute(of: Council, member: Member['id'], role: DatedRole & { until: IsoDay }): Council {
  const holders = of.members.flatMap((one) => one.roles.filter((held) => held.office === role.office).map((held) => ({ one, held })))
  const met = holders.filter(({ held }) => meets(held, role))
  const [holder] = met
  if (!holder) return beginRole(of, member, role)
  if (met.length > 1 || holder.held.from >= role.from || (holder.held.until !== undefined && holder.held.until <= role.until)) {
    throw new CouncilRefusedError('office-taken', `${holder.one.name} ${holder.one.surname}`)
  }
  const after: DatedRole = { ...holder.held, from: addDays(role.until, 1) }
  const interrupted = mapMember(of, holder.one.id, (one) => ({
    ...one,
    roles: one.roles.flatMap((held) => (held === holder.held ? [{ ...held, until: addDays(role.from, -1) }, after] : [held])),
  }))
  return mapMember(interrupted, member, (one) => ({ ...one, roles: [...one.roles, role] }))
}

/** Ends the role that stands at `index` of a member. @throws CouncilRefusedError it has ended, or had not begun */
export function endRole(of: Council, member: Member['id'], index: number, until: IsoDay): Council {
  const role = of.members.find((one) => one.id === member)?.roles[index]
  if (!role) throw new CouncilRefusedError('gone')
  if (role.until !== undefined) throw new CouncilRefusedError('role-not-open')
  if (until < role.from) throw new CouncilRefusedError('role-before-it-began', role.from)
  return mapMember(of, member, (one) => ({ ...one, roles: one.roles.map((held, at) => (at === index ? { ...held, until } : held)) }))
}

/** @throws CouncilRefusedError another group has the name or the short name */
export function putGroup(of: Council, group: Group): Council {
  const same = (one: string, other: string) => one.localeCompare(other, 'gl', { sensitivity: 'base' }) === 0
  const twin = of.groups.find((one) => one.id !== group.id && (same(one.name, group.name) || same(one.short, group.short)))
  if (twin) throw new CouncilRefusedError('group-twice', twin.name)
  const known = of.groups.some((one) => one.id === group.id)
  return { ...of, groups: known ? of.groups.map((one) => (one.id === group.id ? group : one)) : [...of.groups, group] }
}

/** @throws CouncilRefusedError somebody is in it */
export function removeGroup(of: Council, id: string): Council {
  const member = of.members.find((one) => one.group === id)
  if (member) throw new CouncilRefusedError('group-in-use', `${member.name} ${member.surname}`)
  return { ...of, groups: of.groups.filter((one) => one.id !== id) }
}

/**
 * Somebody sits down in a seat from a day; who sat there, and where they sat, ends the day before.
 * @throws CouncilRefusedError a later sitting is written down already
 */
export function putSeat(of: Council, seat: Seat): Council {
  const ends = (one: Seat) => (one.seat === seat.seat || one.member === seat.member) && (one.until === undefined || one.until >= seat.from)
  const later = of.seats.find((one) => ends(one) && one.from >= seat.from)
  if (later) throw new CouncilRefusedError('seat-taken', String(later.seat))
  return { ...of, seats: [...of.seats.map((one) => (ends(one) ? { ...one, until: addDays(seat.from, -1) } : one)), seat] }
}

/** The sitting at `index` ends on a day. @throws CouncilRefusedError */
export function endSeat(of: Council, index: number, until: IsoDay): Council {
  const seat = of.seats[index]
  if (!seat) throw new CouncilRefusedError('gone')
  if (until < seat.from) throw new CouncilRefusedError('seat-before-it-began', seat.from)
  return { ...of, seats: of.seats.map((one, at) => (at === index ? { ...one, until } : one)) }
}

/** @throws CouncilRefusedError the day is entered already */
export function putHoliday(of: Council, holiday: EnteredHoliday): Council {
  const twin = of.holidays.find((one) => one.day === holiday.day)
  if (twin) throw new CouncilRefusedError('holiday-twice', twin.name)
  return { ...of, holidays: [...of.holidays, holiday].sort((one, other) => (one.day < other.day ? -1 : 1)) }
}

export function removeHoliday(of: Council, day: IsoDay): Council {
  return { ...of, holidays: of.holidays.filter((one) => one.day !== day) }
}

export function putRecipient(of: Council, recipient: Recipient): Council {
  return { ...of, recipients: [...of.recipients.filter((one) => one.id !== recipient.id), recipient] }
}

export function removeRecipient(of: Council, id: string): Council {
  return { ...of, recipients: of.recipients.filter((one) => one.id !== id) }
}

function mapMember(of: Council, id: Member['id'], change: (member: Member) => Member): Council {
  if (!of.members.some((one) => one.id === id)) throw new CouncilRefusedError('gone')
  return { ...of, members: of.members.map((one) => (one.id === id ? change(one) : one)) }
}

function mapRoles(of: Council, change: (role: DatedRole) => DatedRole): Council {
  return { ...of, members: of.members.map((one) => ({ ...one, roles: one.roles.map(change) })) }
}

/** Whether two dated roles share a day. */
function meets(one: DatedRole, other: DatedRole): boolean {
  return (one.until === undefined || one.until >= other.from) && (other.until === undefined || other.until >= one.from)
}
