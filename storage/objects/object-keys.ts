import { isSealedLine, type StoredLine, segmentFormat } from '../model/recording.ts'

/** Every object key is spelt here and nowhere else. A key carries the hash of its bytes, so that it is written once. */

const councilPrefix = (council: string) => `councils/${council}/`
const liveSession = (council: string, session: string) => `${councilPrefix(council)}live/sessions/${session}/`

/** `…/segments/<recorder>/<part>-<index>-<track>-<sha256>.ts`, or `.mka` (segmentFormat); a sealed one lies apart, as `.age` */
export function segmentKey(council: string, line: StoredLine): string {
  const place = `${String(line.part).padStart(3, '0')}-${String(line.index).padStart(6, '0')}-${line.track}`
  if (isSealedLine(line)) return `${sealedPrefix(council, line.session)}${line.recorder}/${place}-${line.sha256}.age`
  return `${liveSession(council, line.session)}segments/${line.recorder}/${place}-${line.sha256}.${segmentFormat(line.track).extension}`
}

/** Under it lie all segments of a session, of every recorder. */
export function segmentsPrefix(council: string, session: string): string {
  return `${liveSession(council, session)}segments/`
}

/** Under it lies what was recorded of a session's closed parts, encrypted to the council's keys: never under `live/`. */
export function sealedPrefix(council: string, session: string): string {
  return `${councilPrefix(council)}sealed/sessions/${session}/`
}

/** Any other thing a session holds: `name` tells what it is, `extension` its format. */
export function sessionObjectKey(council: string, session: string, name: string, sha256: string, extension: string): string {
  return `${liveSession(council, session)}${name}-${sha256}.${extension}`
}

/** What a rehearsal of a recorder put to see that it can. */
export function trialKey(council: string, recorder: string, sha256: string): string {
  return `${councilPrefix(council)}live/trials/${recorder}/${sha256}.bin`
}

/** A tile of the council's log, `path` as C2SP tlog-tiles spells it. */
export function logTileKey(council: string, path: string): string {
  return `${councilPrefix(council)}custody/log/${path}`
}
