import { LogError } from './log.ts'
import { leafHash, treeRoot } from './merkle-tree.ts'
import { concatBytes } from './sha256.ts'

/** The files of a log: C2SP tlog-tiles, height 8, as `tile/<level>/<n>[.p/<width>]` and `tile/entries/<n>[.p/<width>]`. */

const width = 256
const hashLength = 32

export interface LogFile {
  path: string
  bytes: Uint8Array
}

/** Where a tile lies; `hashes` below 256 makes it a partial tile. */
export function tilePath(level: number | 'entries', index: number, hashes = width): string {
  const partial = hashes < width ? `.p/${hashes}` : ''
  return `tile/${level}/${pathNumber(index)}${partial}`
}

/** C2SP's spelling of a number: groups of three digits, all but the last marked with x: 1234067 is `x001/x234/067`. */
function pathNumber(index: number): string {
  const digits = String(index)
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0')
  const groups = padded.match(/\d{3}/g) ?? []
  return groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/')
}

/**
 * Every file that a log of these entries needs and a log of the first `knownSize` did not have.
 * Full tiles never change; a partial tile has a name of its own, so nothing is overwritten.
 */
export function logTiles(entries: Uint8Array[], knownSize = 0): LogFile[] {
  const files: LogFile[] = []
  if (knownSize < entries.length) {
    for (const tile of tilesOf(entries.length, Math.floor(knownSize / width))) {
      files.push({
        path: tilePath('entries', tile.index, tile.count),
        bytes: entryBundle(entries.slice(tile.from, tile.from + tile.count)),
      })
    }
  }
  let level = 0
  let hashes = entries.map((entry): Uint8Array => leafHash(entry))
  for (let known = knownSize; hashes.length > 0; level++) {
    if (known < hashes.length) {
      for (const tile of tilesOf(hashes.length, Math.floor(known / width))) {
        files.push({
          path: tilePath(level, tile.index, tile.count),
          bytes: concatBytes(...hashes.slice(tile.from, tile.from + tile.count)),
        })
      }
    }
    hashes = fullTiles(hashes)
    known = Math.floor(known / width)
  }
  return files
}

/** Roots of the complete tiles of a level: the hashes of the level above. */
function fullTiles(hashes: Uint8Array[]): Uint8Array[] {
  return Array.from({ length: Math.floor(hashes.length / width) }, (_, tile) => treeRoot(hashes.slice(tile * width, (tile + 1) * width)))
}

function tilesOf(size: number, firstTile: number) {
  return Array.from({ length: Math.ceil(size / width) - firstTile }, (_, at) => {
    const index = firstTile + at
    return { index, from: index * width, count: Math.min(width, size - index * width) }
  })
}

/** Entries one after the other, each behind its length as two bytes, big-endian. @throws LogError an entry over 65,535 bytes */
export function entryBundle(entries: Uint8Array[]): Uint8Array {
  return concatBytes(
    ...entries.flatMap((entry) => {
      if (entry.length > 0xffff) throw new LogError(`a log entry of ${entry.length} bytes is longer than 65535`)
      return [Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry]
    }),
  )
}

/** @throws LogError the bytes do not hold exactly `count` entries */
export function parseBundle(bytes: Uint8Array, count: number): Uint8Array[] {
  const entries: Uint8Array[] = []
  let at = 0
  while (at < bytes.length) {
    const length = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
    if (at + 2 + length > bytes.length || entries.length === count)
      throw new LogError('an entry bundle ends inside an entry or holds too many')
    entries.push(bytes.slice(at + 2, at + 2 + length))
    at += 2 + length
  }
  if (entries.length !== count) throw new LogError(`an entry bundle holds ${entries.length} entries, expected ${count}`)
  return entries
}

/** @throws LogError the bytes are not exactly `count` hashes */
export function parseTile(bytes: Uint8Array, count: number): Uint8Array[] {
  if (bytes.length !== count * hashLength) throw new LogError(`a tile has ${bytes.length} bytes, expected ${count} hashes of ${hashLength}`)
  return Array.from({ length: count }, (_, at) => bytes.slice(at * hashLength, (at + 1) * hashLength))
}

/**
 * Reads a whole log back from its files and holds every tile against the entries.
 * @param read bytes of a path that `logTiles` names, or undefined
 * @throws LogError a file is missing, malformed or does not follow from the entries; its path stands in the message
 */
export async function readLog(size: number, read: (path: string) => Promise<Uint8Array | undefined>): Promise<Uint8Array[]> {
  const entries: Uint8Array[] = []
  for (const tile of tilesOf(size, 0)) {
    const path = tilePath('entries', tile.index, tile.count)
    entries.push(...named(path, await read(path), (bytes) => parseBundle(bytes, tile.count)))
  }
  for (const file of logTiles(entries)) {
    if (file.path.startsWith('tile/entries/')) continue
    const count = file.bytes.length / hashLength
    const found = concatBytes(...named(file.path, await read(file.path), (bytes) => parseTile(bytes, count)))
    if (found.some((byte, at) => byte !== file.bytes[at])) throw new LogError(`${file.path}: the tile does not follow from the entries`)
  }
  return entries
}

function named<T>(path: string, bytes: Uint8Array | undefined, parse: (bytes: Uint8Array) => T): T {
  if (bytes === undefined) throw new LogError(`${path}: missing`)
  try {
    return parse(bytes)
  } catch (cause) {
    throw new LogError(`${path}: ${cause instanceof Error ? cause.message : 'unreadable'}`, { cause })
  }
}
