/** Number words of Galician and Spanish together: where the two write the same word, it is the same number. */
const small: Record<string, number> = Object.fromEntries(
  [
    'cero|0 dous|2 dúas|2 dos|2 tres|3 catro|4 cuatro|4 cinco|5 seis|6 sete|7 siete|7 oito|8 ocho|8 nove|9 nueve|9 dez|10 diez|10',
    'once|11 doce|12 trece|13 catorce|14 quince|15 dezaseis|16 dieciséis|16 dezasete|17 diecisiete|17 dezaoito|18 dieciocho|18',
    'dezanove|19 diecinueve|19 veintiuno|21 veintiuna|21 veintiún|21 veintidós|22 veintitrés|23 veinticuatro|24 veinticinco|25',
    'veintiséis|26 veintisiete|27 veintiocho|28 veintinueve|29',
  ]
    .join(' ')
    .split(' ')
    .map((one) => [one.split('|')[0], Number(one.split('|')[1])]),
)
const tens: Record<string, number> = {
  vinte: 20,
  veinte: 20,
  trinta: 30,
  treinta: 30,
  corenta: 40,
  cuarenta: 40,
  cincuenta: 50,
  sesenta: 60,
  setenta: 70,
  oitenta: 80,
  ochenta: 80,
  noventa: 90,
}
const hundreds: Record<string, number> = { cen: 100, cento: 100, cien: 100, ciento: 100 }
for (const [stem, value] of [
  ['douscent', 2],
  ['duascent', 2],
  ['doscient', 2],
  ['trescent', 3],
  ['trescient', 3],
  ['catrocent', 4],
  ['cuatrocient', 4],
  ['cincocent', 5],
  ['quinient', 5],
  ['seiscent', 6],
  ['seiscient', 6],
  ['setecent', 7],
  ['setecient', 7],
  ['oitocent', 8],
  ['ochocient', 8],
  ['novecent', 9],
  ['novecient', 9],
] as const) {
  hundreds[`${stem}os`] = value * 100
  hundreds[`${stem}as`] = value * 100
}
const scales: Record<string, number> = { mil: 1000, millón: 1_000_000, millóns: 1_000_000, millones: 1_000_000 }
/** Alone they are articles; a number only after «e» or «y», or before «mil» and «millón». */
const ones = new Set(['un', 'unha', 'uno', 'una'])
const ands = new Set(['e', 'y'])

/**
 * Numbers as digits: «doce mil catrocentos» and «12.400» become `12400`. «Un», «unha», «uno», «una» alone stay words. Takes words that
 * are normalised already (lower case, no punctuation but for the dots between digits).
 */
export function joinNumerals(words: readonly string[]): string[] {
  const found: string[] = []
  for (let at = 0; at < words.length; ) {
    const number = readNumber(words, at)
    if (number === undefined) found.push(words[at++] ?? '')
    else {
      found.push(String(number.value))
      at = number.next
    }
  }
  return found
}

/** The longest number that begins here: groups below a thousand, each with its scale, from the largest to the smallest. */
function readNumber(words: readonly string[], from: number): { value: number; next: number } | undefined {
  const digits = /^\d{1,3}(\.\d{3})+$|^\d+$/.exec(words[from] ?? '')
  if (digits) return { value: Number(digits[0].replaceAll('.', '')), next: from + 1 }
  let [value, at, ceiling] = [0, from, Number.POSITIVE_INFINITY]
  for (;;) {
    const group = readGroup(words, at)
    const next = group?.next ?? at
    const scale = scales[words[next] ?? '']
    if (scale !== undefined && scale < ceiling && (group !== undefined || words[next] === 'mil')) {
      value += (group?.value ?? 1) * scale
      at = next + 1
      ceiling = scale
      continue
    }
    if (group === undefined || ceiling < 1000 || (group.article && at === from)) break
    return { value: value + group.value, next }
  }
  return at === from ? undefined : { value, next: at }
}

/** A number below a thousand. `article`: it is only «un», which may be no number. */
function readGroup(words: readonly string[], from: number): { value: number; next: number; article: boolean } | undefined {
  let [value, at] = [0, from]
  const hundred = hundreds[words[at] ?? '']
  if (hundred !== undefined) {
    value += hundred
    at++
    if (ands.has(words[at] ?? '') && unit(words[at + 1]) !== undefined) at++
  }
  const ten = tens[words[at] ?? '']
  if (ten !== undefined) {
    value += ten
    at++
    const one = ands.has(words[at] ?? '') ? (small[words[at + 1] ?? ''] ?? (ones.has(words[at + 1] ?? '') ? 1 : undefined)) : undefined
    if (one !== undefined && one < 10) return { value: value + one, next: at + 2, article: false }
    return { value, next: at, article: false }
  }
  const one = unit(words[at])
  if (one !== undefined) return { value: value + one, next: at + 1, article: at === from && ones.has(words[at] ?? '') }
  return at === from ? undefined : { value, next: at, article: false }
}

function unit(word: string | undefined): number | undefined {
  if (word === undefined) return undefined
  return small[word] ?? (ones.has(word) ? 1 : undefined)
}
