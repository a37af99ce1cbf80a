import { z } from 'zod'
import { base64, sha256Hex } from '../model/ids.ts'
import { canonicalJson } from './canonical-json.ts'
import { leafHash, treeRoot } from './merkle-tree.ts'
import { concatBytes, fromBase64, fromHex, toBase64, toHex } from './sha256.ts'

/**
 * The acta and the transcript as blocks, each a salted leaf (contracts.md §3): whoever holds the signed root can check a public copy
 * in which some blocks show only their hash, and cannot guess what those say, because each has 16 random bytes of its own.
 */

const salted = z.strictObject({ salt: base64.length(24), block: z.json() })
const withheld = z.strictObject({ leafHash: sha256Hex })

/** `blocks.json` of an export: in a custody copy all blocks are shown, in a public one some are withheld. */
export const blockTreeFile = z.strictObject({
  v: z.literal(1),
  root: sha256Hex,
  blocks: z.array(z.union([salted, withheld])).max(100_000),
})
export type BlockTree = z.infer<typeof blockTreeFile>
export type Block = BlockTree['blocks'][number]

function blockHash(of: Block): Uint8Array {
  return 'leafHash' in of ? fromHex(of.leafHash) : leafHash(concatBytes(fromBase64(of.salt), canonicalJson(of.block)))
}

/** Salts and hashes blocks. `randomBytes` only for tests. */
export function makeBlockTree(
  blocks: unknown[],
  randomBytes = (count: number) => crypto.getRandomValues(new Uint8Array(count)),
): BlockTree {
  const leaves: Block[] = blocks.map((block) => ({ salt: toBase64(randomBytes(16)), block: z.json().parse(block) }))
  return { v: 1, root: toHex(treeRoot(leaves.map(blockHash))), blocks: leaves }
}

/** A copy in which the blocks that `isWithheld` picks show only their hash. */
export function redactBlocks(of: BlockTree, isWithheld: (block: unknown, index: number) => boolean): BlockTree {
  const blocks = of.blocks.map((one, index): Block => {
    return 'leafHash' in one || !isWithheld(one.block, index) ? one : { leafHash: toHex(blockHash(one)) }
  })
  return { ...of, blocks }
}

/** @throws BlockTreeError the blocks do not give the root that was signed */
export function verifyBlockTree(of: BlockTree, signedRootHex: string): void {
  const root = toHex(treeRoot(of.blocks.map(blockHash)))
  if (of.root !== root || root !== signedRootHex) {
    throw new BlockTreeError(`blocks give root ${root}, the copy says ${of.root}, signed is ${signedRootHex}`)
  }
}

export class BlockTreeError extends Error {
  override readonly name = 'BlockTreeError'
}
