import canonicalize from 'canonicalize'

/** Deeper values are refused: nothing of ours nests so far, and a hostile file must not exhaust the stack. */
const deepest = 64

/**
 * Canonical JSON (RFC 8785) in UTF-8: what is hashed and what is signed.
 * @throws CanonicalJsonError a value that JSON cannot carry (NaN, lone surrogate, cycle, undefined) or nested deeper than 64
 */
export function canonicalJson(value: unknown): Uint8Array<ArrayBuffer> {
  refuseDeep(value, 0)
  let text: string | undefined
  try {
    text = canonicalize(value)
  } catch (cause) {
    throw new CanonicalJsonError('value has no canonical JSON', { cause })
  }
  if (text === undefined) throw new CanonicalJsonError('value has no canonical JSON: it is undefined')
  return new TextEncoder().encode(text)
}

/**
 * Parses bytes that must be canonical JSON: the same value has no second spelling, so no duplicate key or odd number hides in what was hashed.
 * @throws CanonicalJsonError not UTF-8, not JSON, or not in canonical form
 */
export function parseCanonicalJson(bytes: Uint8Array): unknown {
  const value = parseJson(bytes)
  const again = canonicalJson(value)
  if (again.length !== bytes.length || again.some((byte, at) => byte !== bytes[at])) {
    throw new CanonicalJsonError('JSON is not in canonical form (RFC 8785)')
  }
  return value
}

/** Parses JSON in strict UTF-8 without BOM. @throws CanonicalJsonError not UTF-8, not JSON, or nested too deep */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
    refuseDeep(value, 0)
    return value
  } catch (cause) {
    if (cause instanceof CanonicalJsonError) throw cause
    throw new CanonicalJsonError('bytes are not JSON in UTF-8', { cause })
  }
}

function refuseDeep(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) return
  if (depth >= deepest) throw new CanonicalJsonError(`JSON is nested deeper than ${deepest}`)
  for (const one of Object.values(value)) refuseDeep(one, depth + 1)
}

export class CanonicalJsonError extends Error {
  override readonly name = 'CanonicalJsonError'
}
