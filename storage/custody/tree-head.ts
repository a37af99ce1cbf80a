import { fromBase64, toBase64 } from './sha256.ts'

/** What a tree's keeper signs: the origin that names the tree, its number of leaves and its root (C2SP tlog-checkpoint). */
export interface TreeHead {
  origin: string
  size: number
  root: Uint8Array
}

/** The text of a signed note over a head: three lines, each ended by LF. */
export function headText(head: TreeHead): string {
  if (head.root.length !== 32) throw new TreeHeadError(`root of ${head.origin} has ${head.root.length} bytes, expected 32`)
  return `${head.origin}\n${head.size}\n${toBase64(head.root)}\n`
}

/** Reads a head; extension lines that other logs may add are left aside. @throws TreeHeadError not a head */
export function parseHeadText(text: string): TreeHead {
  const [origin, size, root, ...rest] = text.split('\n')
  if (origin === undefined || origin === '' || size === undefined || root === undefined || rest.length === 0) {
    throw new TreeHeadError('tree head: expected origin, size and root, each on a line')
  }
  if (!/^(?:0|[1-9]\d{0,15})$/.test(size) || !Number.isSafeInteger(Number(size))) {
    throw new TreeHeadError(`tree head of ${origin}: size is not a decimal number`)
  }
  let bytes: Uint8Array
  try {
    bytes = fromBase64(root)
  } catch (cause) {
    throw new TreeHeadError(`tree head of ${origin}: root is not base64`, { cause })
  }
  if (bytes.length !== 32) throw new TreeHeadError(`tree head of ${origin}: root has ${bytes.length} bytes, expected 32`)
  return { origin, size: Number(size), root: bytes }
}

export class TreeHeadError extends Error {
  override readonly name = 'TreeHeadError'
}
