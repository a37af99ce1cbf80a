import { type Acta, type ActaBlock, acta as actaSchema, type Sentence } from '../storage/model/acta.ts'
import { SentenceRefusedError } from './review-acta.ts'

type Turn = Extract<ActaBlock, { kind: 'turn' }>

/** Who spoke, as the acta writes it; and who says so. */
export interface Attribution {
  speaker: string
  /** The group as the acta abbreviates it. */
  group?: string | undefined
  by: string
  atMs: number
}

/**
 * The next version of the acta, in which a person says who spoke some sentences of one turn. The turn is parted where the speaker changes;
 * words, sources and who accepted them stay, and the transcript keeps what its evidence said.
 * @throws SentenceRefusedError a sentence is in no turn of the acta
 */
export function attributeSentences(of: Acta, ids: readonly string[], to: Attribution): Acta {
  const turns = of.blocks.filter((block) => block.kind === 'turn')
  const missing = ids.find((id) => !turns.some((turn) => turn.sentences.some((one) => one.id === id)))
  if (missing !== undefined || ids.length === 0) throw new SentenceRefusedError('missing', missing ?? 'none')
  const chosen = new Set(ids)
  const blocks = of.blocks.flatMap((block): ActaBlock[] => (block.kind === 'turn' ? partTurn(block, chosen, to) : [block]))
  return actaSchema.parse({ ...of, version: of.version + 1, blocks })
}

function partTurn(turn: Turn, chosen: ReadonlySet<string>, { speaker, group, by, atMs }: Attribution): Turn[] {
  if (!turn.sentences.some((one) => chosen.has(one.id))) return [turn]
  const runs: Sentence[][] = []
  for (const one of turn.sentences) {
    const run = runs.at(-1)
    if (run?.[0] && chosen.has(run[0].id) === chosen.has(one.id)) run.push(one)
    else runs.push([one])
  }
  const { group: _before, ...rest } = turn
  return runs.map((sentences, at) => {
    const [first] = sentences
    const fromMs = at === 0 ? turn.fromMs : first?.sources[0]?.fromMs
    const place = {
      id: at === 0 ? turn.id : `${turn.id}-${first?.id.split('.').at(-1)}`,
      sentences,
      ...(fromMs === undefined ? {} : { fromMs }),
    }
    if (first && !chosen.has(first.id)) return { ...turn, ...place }
    return { ...rest, ...place, speaker, ...(group === undefined ? {} : { group }), attributedBy: by, attributedAtMs: atMs }
  })
}
