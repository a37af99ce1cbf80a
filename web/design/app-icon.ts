import { crc32, deflateSync } from 'node:zlib'

const ground = [14, 84, 104] as const
const ink = [255, 255, 255] as const

/**
 * The icon of the installed page: rows of seats around a chamber, on the product's colour, within the safe zone of maskable icons.
 * @param size width and height in pixels
 * @returns a PNG (RFC 2083): 8 bits a channel, RGB
 */
export function appIcon(size: number): Buffer {
  const rows = Array.from({ length: size }, (_, y) => {
    const row = Buffer.alloc(1 + size * 3)
    for (let x = 0; x < size; x++) row.set(isSeat((x + 0.5) / size, (y + 0.5) / size) ? ink : ground, 1 + x * 3)
    return row
  })
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.concat(rows))), chunk('IEND', Buffer.alloc(0))])
}

/** Three half rings, and the presidency's dot at their centre; both coordinates from 0 to 1. */
function isSeat(x: number, y: number): boolean {
  const [dx, dy] = [x - 0.5, y - 0.68]
  const distance = Math.hypot(dx, dy)
  const ring = [0.16, 0.26, 0.36].some((radius) => Math.abs(distance - radius) < 0.032)
  return distance < 0.055 || (ring && dy < 0)
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}
