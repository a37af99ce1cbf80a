import { type Bytes, sha256Now, toHex } from './sha256.ts'

/** The Merkle tree of RFC 9162 §2.1. Hashes are 32 bytes; trees are given as their leaf hashes, in order. */

const leafPrefix = Uint8Array.of(0)
const nodePrefix = Uint8Array.of(1)

/** Hash of a leaf's bytes: SHA-256(0x00 ‖ bytes). */
export function leafHash(bytes: Uint8Array): Bytes {
  return sha256Now(leafPrefix, bytes)
}

/** Hash of an inner node: SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Bytes {
  return sha256Now(nodePrefix, left, right)
}

/** Root of a tree (§2.1.1); of no leaf it is SHA-256 of nothing. */
export function treeRoot(leafHashes: Uint8Array[]): Bytes {
  return leafHashes.length === 0 ? sha256Now(new Uint8Array()) : rangeRoot(leafHashes, 0, leafHashes.length)
}

/** Hashes from a leaf's sibling up to the root's child (§2.1.3.1). @throws ProofError no such leaf */
export function inclusionProof(index: number, leafHashes: Uint8Array[]): Uint8Array[] {
  if (!Number.isInteger(index) || index < 0 || index >= leafHashes.length) {
    throw new ProofError(`no proof for leaf ${index} of a tree of ${leafHashes.length}`)
  }
  const proof: Uint8Array[] = []
  let from = 0
  let to = leafHashes.length
  while (to - from > 1) {
    const split = from + largestPowerBelow(to - from)
    if (index < split) {
      proof.push(rangeRoot(leafHashes, split, to))
      to = split
    } else {
      proof.push(rangeRoot(leafHashes, from, split))
      from = split
    }
  }
  return proof.reverse()
}

export interface Inclusion {
  index: number
  size: number
  leafHash: Uint8Array
  proof: Uint8Array[]
  root: Uint8Array
}

/** The algorithm of §2.1.3.2. @throws ProofError the leaf is not proven to be there */
export function verifyInclusion(of: Inclusion): void {
  if (!isSize(of.size) || !isSize(of.index) || of.index >= of.size) throw new ProofError(`leaf ${of.index} is outside a tree of ${of.size}`)
  let place = of.index
  let last = of.size - 1
  let hash = of.leafHash
  for (const step of of.proof) {
    if (last === 0) throw new ProofError(`inclusion proof of leaf ${of.index} is longer than a tree of ${of.size} admits`)
    if (place % 2 === 1 || place === last) {
      hash = nodeHash(step, hash)
      while (place % 2 === 0 && place !== 0) [place, last] = [half(place), half(last)]
    } else {
      hash = nodeHash(hash, step)
    }
    ;[place, last] = [half(place), half(last)]
  }
  if (last !== 0) throw new ProofError(`inclusion proof of leaf ${of.index} is shorter than a tree of ${of.size} needs`)
  expectRoot(hash, of.root, `inclusion of leaf ${of.index} in a tree of ${of.size}`)
}

/** Hashes that show the first `oldSize` leaves unchanged (§2.1.4.1); empty for 0 and for the whole tree. @throws ProofError no such size */
export function consistencyProof(oldSize: number, leafHashes: Uint8Array[]): Uint8Array[] {
  if (!isSize(oldSize) || oldSize > leafHashes.length) throw new ProofError(`no proof from ${oldSize} to ${leafHashes.length} leaves`)
  if (oldSize === 0) return []
  const proof: Uint8Array[] = []
  let from = 0
  let to = leafHashes.length
  while (oldSize !== to) {
    const split = from + largestPowerBelow(to - from)
    if (oldSize <= split) {
      proof.push(rangeRoot(leafHashes, split, to))
      to = split
    } else {
      proof.push(rangeRoot(leafHashes, from, split))
      from = split
    }
  }
  // The old root stands for itself while its subtree starts at the left edge.
  if (from !== 0) proof.push(rangeRoot(leafHashes, from, to))
  return proof.reverse()
}

export interface Consistency {
  oldSize: number
  oldRoot: Uint8Array
  newSize: number
  newRoot: Uint8Array
  proof: Uint8Array[]
}

/** The algorithm of §2.1.4.2. @throws ProofError the new tree is not proven to extend the old one */
export function verifyConsistency(of: Consistency): void {
  const what = `consistency of ${of.oldSize} with ${of.newSize} leaves`
  if (!isSize(of.oldSize) || !isSize(of.newSize) || of.oldSize > of.newSize) throw new ProofError(`${what}: the tree shrinks`)
  if (of.oldSize === of.newSize || of.oldSize === 0) {
    if (of.proof.length !== 0) throw new ProofError(`${what}: expected an empty proof`)
    expectRoot(of.oldRoot, of.oldSize === 0 ? treeRoot([]) : of.newRoot, what)
    return
  }
  let place = of.oldSize - 1
  let last = of.newSize - 1
  while (place % 2 === 1) [place, last] = [half(place), half(last)]
  const steps = place === 0 ? [of.oldRoot, ...of.proof] : of.proof
  const [first, ...rest] = steps
  if (first === undefined) throw new ProofError(`${what}: the proof is empty`)
  let oldHash = first
  let newHash = first
  for (const step of rest) {
    if (last === 0) throw new ProofError(`${what}: the proof is too long`)
    if (place % 2 === 1 || place === last) {
      oldHash = nodeHash(step, oldHash)
      newHash = nodeHash(step, newHash)
      while (place % 2 === 0 && place !== 0) [place, last] = [half(place), half(last)]
    } else {
      newHash = nodeHash(newHash, step)
    }
    ;[place, last] = [half(place), half(last)]
  }
  if (last !== 0) throw new ProofError(`${what}: the proof is too short`)
  expectRoot(oldHash, of.oldRoot, what)
  expectRoot(newHash, of.newRoot, what)
}

/** Root of the leaves `from` (included) to `to` (excluded), as §2.1.1 splits them. */
function rangeRoot(leafHashes: Uint8Array[], from: number, to: number): Bytes {
  if (to - from === 1) {
    const leaf = leafHashes[from]
    if (leaf === undefined) throw new ProofError(`leaf ${from} is missing`)
    return new Uint8Array(leaf)
  }
  const split = from + largestPowerBelow(to - from)
  return nodeHash(rangeRoot(leafHashes, from, split), rangeRoot(leafHashes, split, to))
}

/** Largest power of two smaller than `count` (count ≥ 2). */
function largestPowerBelow(count: number): number {
  let power = 1
  while (power * 2 < count) power *= 2
  return power
}

const half = (n: number) => Math.floor(n / 2)
const isSize = (n: number) => Number.isSafeInteger(n) && n >= 0

function expectRoot(found: Uint8Array, expected: Uint8Array, what: string): void {
  if (toHex(found) !== toHex(expected)) throw new ProofError(`${what}: expected root ${toHex(expected)}, found ${toHex(found)}`)
}

export class ProofError extends Error {
  override readonly name = 'ProofError'
}
