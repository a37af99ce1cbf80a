import { type Council, council as councilSchema } from '../../storage/model/council.ts'
import { newId } from '../../storage/model/ids.ts'

/** Who speaks in the sample session, by the key its evidence files use; the secretary is no member of the corporation. */
const speakers = [
  { speaker: 'alcaldesa', name: 'Sabela', surname: 'Outedal', treatment: 'Sra.', group: 'gvm', office: 'mayor' },
  { speaker: 'castro', name: 'Uxía', surname: 'Castro', treatment: 'Sra.', group: 'mixto', office: 'spokesperson' },
  { speaker: 'otero', name: 'Brais', surname: 'Otero', treatment: 'Sr.', group: 'gvm', office: undefined },
  { speaker: 'ribadiz', name: 'Anxo', surname: 'Ribadiz', treatment: 'Sr.', group: 'gvm', office: 'spokesperson' },
  { speaker: 'valdomar', name: 'Iria', surname: 'Valdomar', treatment: 'Sra.', group: 'alternativa', office: 'spokesperson' },
  { speaker: 'secretaria', name: 'Noela', surname: 'Lestrigo', treatment: 'Sra.', group: undefined, office: 'secretary' },
] as const

/** Members who do not speak: invented names. The last three did not come. */
const others: [name: string, surname: string, treatment: 'Sr.' | 'Sra.', group: string][] = [
  ['Antía', 'Barral', 'Sra.', 'gvm'],
  ['Breixo', 'Casdelo', 'Sr.', 'gvm'],
  ['Carme', 'Dorrego', 'Sra.', 'gvm'],
  ['Duarte', 'Esmorís', 'Sr.', 'gvm'],
  ['Estela', 'Folgoso', 'Sra.', 'gvm'],
  ['Fiz', 'Guitiriz', 'Sr.', 'gvm'],
  ['Helena', 'Lamela', 'Sra.', 'gvm'],
  ['Inácio', 'Mondelo', 'Sr.', 'gvm'],
  ['Lois', 'Navallo', 'Sr.', 'gvm'],
  ['Mariña', 'Pedrouzo', 'Sra.', 'gvm'],
  ['Nuno', 'Quindimil', 'Sr.', 'gvm'],
  ['Olalla', 'Rebordelo', 'Sra.', 'alternativa'],
  ['Paio', 'Seoane', 'Sr.', 'alternativa'],
  ['Roi', 'Teixido', 'Sr.', 'gvm'],
  ['Tareixa', 'Vilarelle', 'Sra.', 'alternativa'],
  ['Xián', 'Zanfoga', 'Sr.', 'alternativa'],
]

const since = '2023-06-17'
export const demoSlug = 'vilarino-do-monte'

/**
 * The invented council that `npm start` opens when none is configured: 21 members by law, 18 of whom came to the sample session,
 * three groups. Nobody in it exists.
 */
export function demoCouncil(): Council {
  const speaking = speakers.map((one) => ({
    id: newId(),
    name: one.name,
    surname: one.surname,
    treatment: one.treatment,
    legal: one.speaker !== 'secretaria',
    speaker: one.speaker,
    roles: one.office ? [{ office: one.office, from: since }] : [],
    ...(one.group ? { group: one.group } : {}),
  }))
  const silent = others.map(([name, surname, treatment, group]) => ({
    id: newId(),
    name,
    surname,
    treatment,
    group,
    legal: true,
    roles: [],
  }))
  return councilSchema.parse({
    id: newId(),
    name: 'Concello de Vilariño do Monte',
    dir3: 'L01279990',
    legalNumber: 21,
    municipality: 'Vilariño do Monte',
    room: 'salón de sesións da casa do concello',
    languages: ['gl', 'es'],
    enablingNorm: 'acordo plenario de demostración',
    demo: true,
    groups: [
      { id: 'gvm', name: 'Grupo Veciñal do Monte', short: 'GVM' },
      { id: 'alternativa', name: 'Alternativa de Vilariño', short: 'AV' },
      { id: 'mixto', name: 'Grupo Mixto', short: 'GM' },
    ],
    members: [...speaking, ...silent],
    seats: speakers.map((one, index) => ({
      seat: seatOf[one.speaker],
      channel: seatOf[one.speaker],
      member: speaking[index]?.id,
      from: since,
    })),
  })
}

/** Seats of the sample session's seats.json. */
const seatOf: Record<(typeof speakers)[number]['speaker'], number> = {
  alcaldesa: 1,
  secretaria: 2,
  castro: 3,
  otero: 4,
  ribadiz: 5,
  valdomar: 6,
}

/** What the demo council has entered on its set-up pages besides: local holidays, and a newspaper that is told of sessions (R7). */
export const demoCalendar: Pick<Council, 'holidays' | 'recipients'> = {
  holidays: [
    { day: '2026-10-05', name: 'San Froilán', scope: 'local' },
    { day: '2026-11-11', name: 'San Martiño', scope: 'local' },
  ],
  recipients: [{ id: 'a-voz-do-monte', list: 'medios', name: 'A Voz do Monte', email: 'redaccion@avozdomonte.example' }],
}
