import type { StmLine } from '../formats/stm.ts'

/** Lines by a key, in the order they came. */
export function groupBy<T>(lines: readonly T[], key: (line: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>()
  for (const line of lines) {
    const own = found.get(key(line))
    if (own) own.push(line)
    else found.set(key(line), [line])
  }
  return found
}

/** What both sides hold of each file; a file that one side lacks is empty there. */
export function pairFiles<T extends { file: string }>(reference: readonly T[], hypothesis: readonly T[]): [T[], T[]][] {
  const [expected, found] = [groupBy(reference, (line) => line.file), groupBy(hypothesis, (line) => line.file)]
  return [...new Set([...expected.keys(), ...found.keys()])].map((file) => [expected.get(file) ?? [], found.get(file) ?? []])
}

/** By start; lines that start together stay as they stand in the file. */
export function inOrder(lines: readonly StmLine[]): StmLine[] {
  return [...lines].sort((a, b) => a.start - b.start)
}
