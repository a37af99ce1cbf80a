import { z } from 'zod'
import { isSealRecipient } from '../../storage/custody/seal-recipient.ts'
import { type Council, council, isoDate, language, office } from '../../storage/model/council.ts'
import {
  beginRole,
  endRole,
  endSeat,
  putGroup,
  putHoliday,
  putMember,
  putRecipient,
  putSeat,
  removeGroup,
  removeHoliday,
  removeRecipient,
  substitute,
} from '../../storage/model/council-changes.ts'
import { memberId, newId } from '../../storage/model/ids.ts'
import { matter } from '../../storage/model/matters.ts'
import { line, optionalDay, optionalLine, optionalNumber, type Values } from './form-state.ts'

/** One kind of change of the council: the part it rests on and what it does, read from a form. */
export interface CouncilAct {
  part: (current: Council) => unknown
  apply: (current: Council) => Council
}

type ReadAct = (values: Values) => CouncilAct

const checked = z
  .string()
  .optional()
  .transform((value) => value === 'yes')
const index = z.coerce.number().int().nonnegative()
const number = z.string().trim().min(1).transform(Number).pipe(z.int().positive().max(999))

const identity = z.object({
  name: line(),
  municipality: line(),
  room: line(),
  legalNumber: number.pipe(z.int().min(3)),
  languages: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter((one) => one !== ''))
    .pipe(z.array(language).min(1)),
  bilingualActa: checked,
  enablingNorm: optionalLine(500),
})
const emission = z
  .object({
    liveView: checked,
    closedPartRecording: council.shape.closedPartRecording.unwrap(),
    closedPartKeys: z
      .string()
      .default('')
      .transform((text) => [...new Set(text.split(/\s+/).filter((one) => one !== ''))])
      .refine((keys) => keys.length <= 10 && keys.every(isSealRecipient)),
  })
  .refine((of) => of.closedPartRecording === 'none' || of.closedPartKeys.length > 0, { path: ['closedPartRecording'] })
const person = z.object({
  member: z.string().default(''),
  name: line(),
  surname: line(),
  treatment: z.enum(['Sr.', 'Sra.']),
  group: optionalLine(),
  legal: checked,
})
const role = z.object({ member: memberId, office, from: isoDate, until: optionalDay, capacity: optionalLine() })
const group = z.object({ group: z.string().default(''), name: line(), short: line(20) })
const seat = z.object({ seat: number, channel: optionalNumber, member: memberId, from: isoDate })
const holiday = z.object({ day: isoDate, name: line(), scope: z.enum(['state', 'galicia', 'local']) })
const recipient = z.object({ recipient: z.string().default(''), name: line(), email: z.email() })
const ownMatter = z.object({
  nameGl: line(),
  nameEs: line(),
  majority: matter.shape.majority,
  vote: z.enum(['any', 'secret-allowed', 'nominal-required']),
  article: line(),
})

/** What each form of the council does, by its act. Reading one throws ZodError; doing it may throw CouncilRefusedError. */
export const councilActs: Record<string, ReadAct> = {
  identity: (values) => {
    const { enablingNorm, ...facts } = identity.parse(values)
    return {
      part: identityOf,
      apply: ({ enablingNorm: _, ...current }) => ({ ...current, ...facts, ...(enablingNorm ? { enablingNorm } : {}) }),
    }
  },
  emission: (values) => {
    const facts = emission.parse(values)
    return { part: emissionOf, apply: (current) => ({ ...current, ...facts }) }
  },
  member: (values) => {
    const { member, group: inGroup, ...facts } = person.parse(values)
    const id = memberId.parse(member === '' ? newId() : member)
    return {
      part: (current) => personOf(current, id),
      apply: (current) => {
        const speaker = current.members.find((one) => one.id === id)?.speaker
        return putMember(current, { id, ...facts, ...(inGroup ? { group: inGroup } : {}), ...(speaker ? { speaker } : {}) })
      },
    }
  },
  'begin-role': (values) => {
    const { member, until, capacity, ...facts } = role.parse(values)
    const begun = { ...facts, ...(capacity ? { capacity } : {}) }
    return {
      part: rolesOf,
      apply: (current) => (until ? substitute(current, member, { ...begun, until }) : beginRole(current, member, begun)),
    }
  },
  'end-role': (values) => {
    const wanted = z.object({ member: memberId, index, until: isoDate }).parse(values)
    return { part: rolesOf, apply: (current) => endRole(current, wanted.member, wanted.index, wanted.until) }
  },
  group: (values) => {
    const { group: id, ...facts } = group.parse(values)
    return {
      part: (current) => current.groups.find((one) => one.id === id),
      apply: (current) => putGroup(current, { id: id === '' ? newId() : id, ...facts }),
    }
  },
  'remove-group': (values) => {
    const id = line().parse(values['group'])
    return { part: (current) => current.groups.find((one) => one.id === id), apply: (current) => removeGroup(current, id) }
  },
  seat: (values) => {
    const { channel, ...facts } = seat.parse(values)
    return { part: (current) => current.seats, apply: (current) => putSeat(current, { ...facts, ...(channel ? { channel } : {}) }) }
  },
  'end-seat': (values) => {
    const wanted = z.object({ index, until: isoDate }).parse(values)
    return { part: (current) => current.seats, apply: (current) => endSeat(current, wanted.index, wanted.until) }
  },
  holiday: (values) => {
    const entered = holiday.parse(values)
    return { part: () => null, apply: (current) => putHoliday(current, entered) }
  },
  'remove-holiday': (values) => {
    const day = isoDate.parse(values['day'])
    return { part: () => null, apply: (current) => removeHoliday(current, day) }
  },
  recipient: (values) => {
    const { recipient: id, ...facts } = recipient.parse(values)
    return {
      part: () => null,
      apply: (current) => putRecipient(current, { id: id === '' ? newId() : id, list: 'medios', ...facts }),
    }
  },
  'remove-recipient': (values) => {
    const id = line().parse(values['recipient'])
    return { part: () => null, apply: (current) => removeRecipient(current, id) }
  },
  matter: (values) => {
    const { nameGl, nameEs, ...facts } = ownMatter.parse(values)
    const added = matter.parse({ key: keyOf(nameGl), name: { gl: nameGl, es: nameEs }, ...facts })
    return {
      part: () => null,
      apply: (current) => ({ ...current, matters: [...current.matters.filter((one) => one.key !== added.key), added] }),
    }
  },
  'remove-matter': (values) => {
    const key = line().parse(values['matter'])
    return { part: () => null, apply: (current) => ({ ...current, matters: current.matters.filter((one) => one.key !== key) }) }
  },
}

/** What the form of the council's own facts is about. */
export function identityOf({ name, municipality, room, legalNumber, languages, bilingualActa, enablingNorm }: Council) {
  return { name, municipality, room, legalNumber, languages, bilingualActa, enablingNorm }
}

/** What the form of live view and closed parts is about. */
export function emissionOf({ liveView, closedPartRecording, closedPartKeys }: Council) {
  return { liveView, closedPartRecording, closedPartKeys }
}

/** What the form of a person is about; undefined for somebody new. */
export function personOf(of: Council, id: string) {
  const found = of.members.find((one) => one.id === id)
  if (!found) return undefined
  const { roles: _, ...facts } = found
  return facts
}

/** Every office with its dates: whoever begins or ends one rests on all of them. */
export function rolesOf(of: Council) {
  return of.members.map(({ id, roles }) => ({ id, roles }))
}

/** A name as a key: «Cesión de bens» is `cesion-de-bens`. */
function keyOf(name: string): string {
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  return (
    plain
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 80) || 'materia'
  )
}
