import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { appendLeaf, emptyFrontier, frontierRoot } from '../../../storage/custody/frontier.ts'
import {
  consistencyProof,
  inclusionProof,
  leafHash,
  ProofError,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from '../../../storage/custody/merkle-tree.ts'
import { fromHex, toHex } from '../../../storage/custody/sha256.ts'

/** Leaves, roots and proofs of the reference tests of RFC 6962 (certificate-transparency, merkle_tree_test). */
const published = {
  leaves: ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'],
  roots: [
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ],
  inclusionOf5In8: [
    'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  ],
  consistencyOf6With8: [
    '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
    'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  ],
}
const leafHashes = published.leaves.map((hex) => leafHash(fromHex(hex)))

/** A tree of 1 to 70 leaves whose contents do not matter. */
const trees = fc.integer({ min: 1, max: 70 }).map((size) => Array.from({ length: size }, (_, at) => leafHash(Uint8Array.of(at))))

describe('The Merkle tree', () => {
  it('has the published roots of 0 to 8 leaves, at once and grown leaf by leaf', () => {
    let tree = emptyFrontier
    for (const [size, root] of published.roots.entries()) {
      expect(toHex(treeRoot(leafHashes.slice(0, size)))).toBe(root)
      expect(toHex(frontierRoot(tree))).toBe(root)
      const leaf = leafHashes[size]
      if (leaf !== undefined) tree = appendLeaf(tree, leaf)
    }
  })

  it('gives the published inclusion and consistency proofs', () => {
    expect(inclusionProof(5, leafHashes).map(toHex)).toEqual(published.inclusionOf5In8)
    expect(consistencyProof(6, leafHashes).map(toHex)).toEqual(published.consistencyOf6With8)
  })

  it('proves the inclusion of every leaf, and of no other place or root', () => {
    fc.assert(
      fc.property(trees, fc.nat(), fc.nat(), (leaves, pick, flip) => {
        const index = pick % leaves.length
        const leaf = leaves[index] ?? new Uint8Array()
        const claim = { index, size: leaves.length, leafHash: leaf, proof: inclusionProof(index, leaves), root: treeRoot(leaves) }
        verifyInclusion(claim)
        expect(() => verifyInclusion({ ...claim, root: flipped(claim.root, flip) })).toThrow(ProofError)
        expect(() => verifyInclusion({ ...claim, leafHash: flipped(leaf, flip) })).toThrow(ProofError)
        expect(() => verifyInclusion({ ...claim, proof: [...claim.proof, leaf] })).toThrow(ProofError)
        if (leaves.length > 1) {
          expect(() => verifyInclusion({ ...claim, index: (index + 1) % leaves.length })).toThrow(ProofError)
          expect(() => verifyInclusion({ ...claim, proof: claim.proof.slice(1) })).toThrow(ProofError)
          const at = flip % claim.proof.length
          const proof = claim.proof.map((step, place) => (place === at ? flipped(step, flip) : step))
          expect(() => verifyInclusion({ ...claim, proof })).toThrow(ProofError)
        }
      }),
    )
  })

  it('proves that it only grew, and refuses another past', () => {
    fc.assert(
      fc.property(trees, fc.nat(), fc.nat(), (leaves, pick, flip) => {
        const oldSize = pick % (leaves.length + 1)
        const claim = {
          oldSize,
          oldRoot: treeRoot(leaves.slice(0, oldSize)),
          newSize: leaves.length,
          newRoot: treeRoot(leaves),
          proof: consistencyProof(oldSize, leaves),
        }
        verifyConsistency(claim)
        expect(() => verifyConsistency({ ...claim, oldRoot: flipped(claim.oldRoot, flip) })).toThrow(ProofError)
        if (oldSize > 0) expect(() => verifyConsistency({ ...claim, newRoot: flipped(claim.newRoot, flip) })).toThrow(ProofError)
        expect(() => verifyConsistency({ ...claim, proof: [...claim.proof, claim.oldRoot] })).toThrow(ProofError)
        for (const at of claim.proof.keys()) {
          const proof = claim.proof.map((step, place) => (place === at ? flipped(step, flip) : step))
          expect(() => verifyConsistency({ ...claim, proof })).toThrow(ProofError)
        }
      }),
    )
  })

  it('refuses a tree that shrinks and a leaf outside', () => {
    const root = treeRoot(leafHashes)
    expect(() => verifyConsistency({ oldSize: 8, oldRoot: root, newSize: 7, newRoot: root, proof: [] })).toThrow('shrinks')
    expect(() => inclusionProof(8, leafHashes)).toThrow(ProofError)
    expect(() => verifyInclusion({ index: 8, size: 8, leafHash: root, proof: [], root })).toThrow('outside')
  })

  it('grows by the frontier to the same root as from all leaves', () => {
    fc.assert(
      fc.property(trees, (leaves) => {
        expect(toHex(frontierRoot(leaves.reduce(appendLeaf, emptyFrontier)))).toBe(toHex(treeRoot(leaves)))
      }),
    )
  })
})

function flipped(bytes: Uint8Array, seed: number): Uint8Array {
  const copy = new Uint8Array(bytes)
  const at = seed % copy.length
  copy[at] = (copy[at] ?? 0) ^ (1 << (seed % 8))
  return copy
}
