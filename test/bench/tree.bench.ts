import { appendLeaf, emptyFrontier, frontierRoot } from '../../storage/custody/frontier.ts'
import { lineLeafHash } from '../../storage/custody/journal-tree.ts'
import { inclusionProof, treeRoot, verifyInclusion } from '../../storage/custody/merkle-tree.ts'
import { newId } from '../../storage/model/ids.ts'
import { type JournalLine, journalLine } from '../../storage/model/recording.ts'

/** 4,500 journal lines, five hours in segments of 4 s, to a root: at once, and leaf by leaf with a root after each (design.md §4 `tree`). */
const leaves = 4500
const rounds = 15
const [session, recorder] = [newId(), newId()]
const lines: JournalLine[] = Array.from({ length: leaves }, (_, index) =>
  journalLine.parse({
    ...{ v: 1, session, recorder, part: 0, track: 'master', index, sha256: index.toString(16).padStart(64, '0'), bytes: 1_500_000 },
    ...{ ptsMs: index * 4000, durationMs: 4000, wallMs: 1_793_000_000_000 + index, monotonicNs: String(index), boot: newId() },
  }),
)

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
const timed = <T>(work: () => T): [T, number] => {
  const from = performance.now()
  return [work(), performance.now() - from]
}

const [built, grown, proven] = [[] as number[], [] as number[], [] as number[]]
let proofBytes = 0
for (let round = 0; round < rounds; round++) {
  const [root, atOnce] = timed(() => treeRoot(lines.map(lineLeafHash)))
  built.push(atOnce)
  const hashes = lines.map(lineLeafHash)
  const [, leafByLeaf] = timed(() => {
    let tree = emptyFrontier
    for (const hash of hashes) {
      tree = appendLeaf(tree, hash)
      frontierRoot(tree)
    }
  })
  grown.push(leafByLeaf)
  const index = (round * 997) % leaves
  const [proof, one] = timed(() => inclusionProof(index, hashes))
  proven.push(one)
  proofBytes = Math.max(proofBytes, proof.length * 32)
  verifyInclusion({ index, size: leaves, leafHash: hashes[index] ?? new Uint8Array(), proof, root })
}

const result = {
  bench: 'tree',
  leaves,
  buildMs: Number(median(built).toFixed(1)),
  growMs: Number(median(grown).toFixed(1)),
  proofMs: Number(median(proven).toFixed(1)),
  proofBytes,
  goal: { buildMs: 150, proofBytes: 500 },
}
console.log(
  process.argv.includes('--json')
    ? JSON.stringify(result)
    : `tree: ${leaves} leaves in ${result.buildMs} ms (goal ≤ 150), grown with a root at each in ${result.growMs} ms, a proof of ${proofBytes} B (goal ≤ 500) in ${result.proofMs} ms`,
)
