import { nodeHash, treeRoot } from './merkle-tree.ts'
import type { Bytes } from './sha256.ts'

/**
 * A growing Merkle tree kept as the roots of its complete subtrees, largest first: one for each 1 in `size`'s binary form.
 * Enough to append and to know the root at each moment without the leaves; a plain value, so it can be stored and resumed.
 */
export interface Frontier {
  readonly size: number
  readonly subtrees: readonly Uint8Array[]
}

export const emptyFrontier: Frontier = { size: 0, subtrees: [] }

/** The tree with one more leaf. */
export function appendLeaf(of: Frontier, leafHash: Uint8Array): Frontier {
  const subtrees = [...of.subtrees]
  let hash = leafHash
  // Each trailing 1 of the size is a complete subtree that pairs with what was just completed.
  for (let size = of.size; size % 2 === 1; size = Math.floor(size / 2)) {
    const left = subtrees.pop()
    if (left !== undefined) hash = nodeHash(left, hash)
  }
  subtrees.push(hash)
  return { size: of.size + 1, subtrees }
}

/** Root of the tree as it stands. */
export function frontierRoot(of: Frontier): Bytes {
  const [smallest, ...larger] = [...of.subtrees].reverse()
  if (smallest === undefined) return treeRoot([])
  return larger.reduce<Bytes>((root, subtree) => nodeHash(subtree, root), new Uint8Array(smallest))
}
