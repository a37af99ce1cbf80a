import { demoCouncil } from '../../../commands/demo/demo-council.ts'
import type { ActaMaterial } from '../../../minutes/documents/acta-print.ts'
import { type ActaBlock, acta as actaSchema, type Sentence } from '../../../storage/model/acta.ts'
import { type Council, formalName, fullName } from '../../../storage/model/council.ts'
import { newId } from '../../../storage/model/ids.ts'
import { type Session, session as sessionSchema } from '../../../storage/model/session.ts'

const day = Date.UTC(2026, 9, 27, 18, 30)

const titles = [
  'Aprobación, se procede, da acta da sesión anterior',
  'Axudas ás familias',
  'Reforma do mercado municipal e das súas instalacións complementarias',
  'Plan de mobilidade',
  'Rogos e preguntas',
]

const heard =
  'A proposta responde ao que piden as familias da parroquia desde hai anos, e o grupo votará a favor. Lembra que a partida xa figura no orzamento e que o prazo remata en decembro.'
const heardEs = 'El señor concejal discrepa: pide que conste que el informe de intervención llegó tarde y que no hubo tiempo de estudiarlo.'

/** Material of an acta with all kinds of blocks: names with every accent, two languages, votes by name and by count. */
export function sampleActa(of: { turns?: number; items?: number } = {}): ActaMaterial & { council: Council; session: Session } {
  const council = demoCouncil()
  const count = of.items ?? titles.length
  const agenda = Array.from({ length: count }, (_, at) => {
    const title = titles[at % titles.length] ?? ''
    return { id: newId(), number: at + 1, kind: 'proposicion' as const, section: 'resolutive' as const, title: { gl: title, es: title } }
  })
  const session = sessionSchema.parse({
    id: newId(),
    council: council.id,
    kind: 'ordinary',
    call: 1,
    convenedFor: day,
    actaNumber: 9,
    slug: '2026-10-27',
    place: council.room,
    agenda,
  })
  const members = council.members.filter((one) => one.legal)
  const says = (id: string, text: string, language: 'gl' | 'es' = 'gl'): Sentence => ({
    id,
    text,
    language,
    origin: 'person',
    sources: [{ fromMs: 15_000, toMs: 22_000, utterances: ['u1'], events: [] }],
    acceptedBy: 'secretary',
    acceptedAtMs: day,
  })
  const lists: ActaBlock[] = council.groups.map((group) => ({
    kind: 'list',
    id: `attend-${group.id}`,
    section: 'attendance',
    heading: `Asisten · ${group.name}`,
    entries: members
      .filter((one) => one.group === group.id)
      .map((one, at) => says(`${group.id}.${at}`, `${one.treatment} ${fullName(one)}`)),
  }))
  const items = session.agenda.flatMap((item): ActaBlock[] => {
    const from = 14_832 + item.number * 45_000
    const turns = Array.from({ length: of.turns ?? 3 }, (_, at): ActaBlock => {
      const member = members[(at + item.number) % members.length] ?? members[0]
      return {
        kind: 'turn',
        id: `item-${item.number}-turn-${at}`,
        item: item.id,
        speaker: member === undefined ? '' : formalName(member),
        group: 'GVM',
        fromMs: from + at * 9000,
        sentences:
          at % 3 === 1
            ? [says(`i${item.number}t${at}`, heardEs, 'es')]
            : [says(`i${item.number}t${at}`, heard), says(`i${item.number}t${at}b`, heard)],
      }
    })
    const ballots = members.slice(0, 18).map((one, at) => ({
      name: fullName(one),
      sense: at < 14 ? ('favour' as const) : at < 15 ? ('against' as const) : ('abstain' as const),
    }))
    return [
      {
        kind: 'item',
        id: `item-${item.number}`,
        item: item.id,
        number: item.number,
        heading: item.title.gl,
        fromMs: from,
        toMs: from + 44_000,
      },
      ...turns,
      {
        kind: 'vote',
        id: `vote-${item.number}`,
        item: item.id,
        vote: newId(),
        favour: 14,
        against: 1,
        abstain: 3,
        outcome: 'approved',
        ballots: item.number % 2 === 0 ? ballots : [],
        sentences: [
          says(
            `v${item.number}`,
            'Sométese a votación ordinaria. Votos a favor: 14; en contra: 1; abstencións: 3. A Presidencia proclama aprobada a proposta.',
          ),
        ],
      },
      {
        kind: 'agreement',
        id: `agreement-${item.number}`,
        item: item.id,
        sentences: [
          says(`a${item.number}`, 'O Pleno acorda:'),
          says(
            `a${item.number}b`,
            `Primeiro. Aprobar ${item.title.gl.toLowerCase()} nos termos da proposta. Segundo. Facultar a Alcaldía para a súa execución.`,
          ),
        ],
      },
    ]
  })
  const acta = actaSchema.parse({
    v: 1,
    session: session.id,
    version: 1,
    language: 'gl',
    blocks: [
      {
        kind: 'title',
        id: 'title',
        sentences: [says('title', 'ACTA DA SESIÓN ORDINARIA REALIZADA POLO PLENO DA CORPORACIÓN O DÍA 27 DE OUTUBRO DE 2026')],
      },
      {
        kind: 'paragraph',
        id: 'opening',
        section: 'opening',
        sentences: [
          says(
            'opening',
            'En Vilariño do Monte, no salón de sesións da casa do concello, sendo as 19:30 horas do 27 de outubro de 2026, reúnese en primeira convocatoria o Pleno da Corporación.',
          ),
        ],
      },
      {
        kind: 'paragraph',
        id: 'presides',
        section: 'attendance',
        sentences: [says('presides', 'Preside: Sra. Sabela Outedal, alcaldesa.')],
      },
      ...lists,
      {
        kind: 'paragraph',
        id: 'secretary',
        section: 'attendance',
        sentences: [says('secretary', 'Secretaría: Sra. Noela Lestrigo, secretaria, que dá fe.')],
      },
      {
        kind: 'paragraph',
        id: 'constitution',
        section: 'constitution',
        sentences: [
          says(
            'constitution',
            'Comprobado o quórum do artigo 90 do ROF (18 membros presentes dos 21 que legalmente compoñen a Corporación), a Presidencia declara aberta e pública a sesión.',
          ),
        ],
      },
      {
        kind: 'paragraph',
        id: 'recording',
        section: 'recording',
        sentences: [
          says(
            'recording',
            `O ficheiro da gravación, de 0:03:28 e formato MP4, con pegada SHA-256 ${'0123456789abcdef'.repeat(4)}, acompaña esta acta.`,
          ),
        ],
      },
      {
        kind: 'list',
        id: 'agenda',
        section: 'agenda',
        heading: 'Orde do día',
        entries: session.agenda.map((item) => says(`agenda.${item.number}`, item.title.gl)),
      },
      ...items,
      {
        kind: 'paragraph',
        id: 'closing',
        section: 'closing',
        sentences: [
          says(
            'closing',
            'E non habendo máis asuntos que tratar, a Presidencia levanta a sesión ás 19:58 horas, do que eu, como secretaria, dou fe.',
          ),
        ],
      },
    ],
    approval: { session: newId(), date: '2026-11-24' },
  })
  return {
    acta,
    council,
    session,
    manifest: new TextEncoder().encode('{"v":1}'),
    createdAt: new Date('2026-11-24T20:00:00Z'),
    addresses: {
      verifyUrl: 'https://vilarinho.example/c/vilarino-do-monte/s/2026-10-27/verify',
      itemUrl: (item, ms) => `https://vilarinho.example/s/2026-10-27#${item}&t=${ms / 1000}`,
    },
    recording: {
      name: 'master.mp4',
      sizeBytes: 5_812_334,
      durationMs: 208_060,
      format: 'MP4 (H.264, AAC)',
      sha256: '0123456789abcdef'.repeat(4),
      gaps: [{ fromMs: 61_000, toMs: 63_500 }],
    },
  }
}
