/** Size of the small grey picture that is looked at: picked points of the picture, not means, so that the noise of a live camera is seen. */
export const look = { width: 64, height: 36 } as const
const points = look.width * look.height
/** Of 255; black of a camera with its noise lies below. */
const darkest = 40

export interface PictureLook {
  /** Share of points that are not black: a night sky with a lamp has some, a covered lens none. */
  lit: number
  /** Mean difference of a point to the picture before, 0 to 255; undefined for the first one. */
  change: number | undefined
}

/**
 * Looks at pictures in their order.
 * @param grey pictures of `look`'s size, one byte a point, one after another
 * @param before the last picture of the look before
 */
export function lookAtPictures(grey: Uint8Array, before?: Uint8Array): { looks: PictureLook[]; last: Uint8Array | undefined } {
  const looks: PictureLook[] = []
  let last = before
  for (let from = 0; from + points <= grey.byteLength; from += points) {
    const picture = grey.subarray(from, from + points)
    looks.push({ lit: picture.filter((point) => point > darkest).length / points, change: last && meanChange(picture, last) })
    last = picture
  }
  return { looks, last }
}

function meanChange(picture: Uint8Array, from: Uint8Array): number {
  let sum = 0
  for (let at = 0; at < points; at++) sum += Math.abs((picture[at] ?? 0) - (from[at] ?? 0))
  return sum / points
}

/** The last whole JPEG of several written one after another; inside one the marker of a start cannot stand (ITU-T T.81, B.1.1). */
export function lastJpeg(bytes: Uint8Array): Uint8Array | undefined {
  const from = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).lastIndexOf(Buffer.of(0xff, 0xd8, 0xff))
  return from < 0 ? undefined : bytes.slice(from)
}
