import { describe, expect, it } from 'vitest'
import { BlockTreeError, blockTreeFile, makeBlockTree, redactBlocks, verifyBlockTree } from '../../../storage/custody/block-tree.ts'

const blocks = [
  { kind: 'paragraph', text: 'Constitúese a sesión' },
  { kind: 'turn', speaker: 'castro', text: 'Un asunto persoal' },
  { kind: 'vote', favour: 11 },
]

describe('The block tree', () => {
  it('is proven by the signed root, whole or with blocks withheld', () => {
    const tree = makeBlockTree(blocks)
    verifyBlockTree(tree, tree.root)
    const copy = redactBlocks(tree, (_, index) => index === 1)
    verifyBlockTree(copy, tree.root)
    expect(JSON.stringify(copy)).not.toContain('persoal')
    expect(blockTreeFile.parse(JSON.parse(JSON.stringify(copy)))).toEqual(copy)
  })

  it('does not tell two equal blocks apart from two different ones: each has its own salt', () => {
    const tree = redactBlocks(makeBlockTree([{ text: 'si' }, { text: 'si' }]), () => true)
    expect(tree.blocks[0]).not.toEqual(tree.blocks[1])
  })

  it('fails when a block, a salt, a withheld hash, the order or the root changes', () => {
    const tree = makeBlockTree(blocks)
    const [first, second, third] = tree.blocks
    if (first === undefined || second === undefined || third === undefined || !('salt' in first) || !('salt' in third))
      throw new Error('three shown blocks')
    const forged = [
      { ...tree, blocks: [{ ...first, block: { kind: 'paragraph', text: 'Levántase a sesión' } }, second, third] },
      { ...tree, blocks: [{ ...first, salt: third.salt }, second, third] },
      { ...tree, blocks: [{ leafHash: '00'.repeat(32) }, second, third] },
      { ...tree, blocks: [second, first, third] },
      { ...tree, blocks: [first, second] },
      { ...tree, root: '00'.repeat(32) },
      makeBlockTree(blocks),
    ]
    for (const one of forged) expect(() => verifyBlockTree(one, tree.root)).toThrow(BlockTreeError)
  })
})
