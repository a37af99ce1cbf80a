import { ObjectKeyError } from './object-store.ts'

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
/** A name of a path that no file system and no store reads as something else: no dot at its beginning, nothing to escape. */
const name = '[A-Za-z0-9_][A-Za-z0-9._=-]{0,199}'
const keyPattern = new RegExp(`^councils/${uuid}/(?:live|custody|sealed)(?:/${name})+$`)
const prefixPattern = new RegExp(`^councils/${uuid}/(?:(?:live|custody|sealed)/(?:${name}/)*(?:${name})?)?$`)

/** @throws ObjectKeyError it is not a key of a council */
export function expectKey(key: string): void {
  if (key.length > 900 || !keyPattern.test(key)) {
    throw new ObjectKeyError(`«${key.slice(0, 200)}» is no key of this store; expected councils/<id>/live|custody|sealed/<names>`)
  }
}

/** @throws ObjectKeyError it would list more than one council */
export function expectPrefix(prefix: string): void {
  if (prefix.length > 900 || !prefixPattern.test(prefix)) {
    throw new ObjectKeyError(`«${prefix.slice(0, 200)}» is no prefix inside a council; expected councils/<id>/…`)
  }
}
