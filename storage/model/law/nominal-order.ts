import type { Council, Member } from '../council.ts'

/**
 * Order of the roll call: by surname in alphabetical order, the presidency last (ROF 101; R22). The same on every machine: accents do
 * not count, ñ is a letter after n, a shorter surname comes before the longer that begins with it.
 */
export function nominalOrder(voters: readonly string[], council: Pick<Council, 'members'>, presidency: string | undefined): string[] {
  const members = council.members.filter((one) => voters.includes(one.id) && one.id !== presidency)
  members.sort(bySurname)
  const ordered = members.map((one): string => one.id)
  return presidency !== undefined && voters.includes(presidency) ? [...ordered, presidency] : ordered
}

function bySurname(a: Member, b: Member): number {
  return (
    compare(alphabeticalKey(a.surname), alphabeticalKey(b.surname)) ||
    compare(alphabeticalKey(a.name), alphabeticalKey(b.name)) ||
    compare(a.id, b.id)
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** `{` follows `z`: «n{» is any ñ, after every «n». Hyphens part words, apostrophes do not. */
function alphabeticalKey(text: string): string {
  return text
    .normalize('NFD')
    .toLowerCase()
    .replace(/n\u0303/gu, 'n{')
    .replace(/[\p{M}'’]/gu, '')
    .replace(/[^a-z{]+/gu, ' ')
    .trim()
}
