import type { Convocation } from '../../storage/model/convocation.ts'
import { type Council, holderOf } from '../../storage/model/council.ts'
import { wallTime } from '../../storage/model/council-clock.ts'
import type { Session } from '../../storage/model/session.ts'
import { clockTime, longDate } from '../words/dates.ts'
import { noticeWords } from '../words/prepare-words.ts'

/** Whom a notice is for: the media get no papers (R7). */
export type Audience = 'members' | 'media'

export interface Notice {
  subject: string
  text: string
  /** Addresses of the list «medios»; empty for the members, whom each council reaches its own way. */
  to: { name: string; email: string }[]
}

/** The notice of a convocation in the language of the session. `previous` is the session whose draft acta travels with it. */
export function noticeOf(issued: Convocation, council: Council, audience: Audience, previous: Session | undefined): Notice {
  const { session } = issued
  const language = session.language
  const words = noticeWords[language]
  const day = longDate(session.convenedFor, language, council.timeZone)
  const mayor = holderOf(council, 'mayor', wallTime(issued.issuedAtMs, council.timeZone).day)
  const parts = (['resolutive', 'control'] as const).flatMap((section) => {
    const items = session.agenda.filter((one) => one.section === section)
    return items.length === 0 ? [] : [['', words.sections[section], ...items.map((one) => `${one.number}. ${one.title[language]}`)]]
  })
  const lines = [
    ...(council.demo ? [words.demo, ''] : []),
    council.name.toUpperCase(),
    words.heading,
    '',
    words.convenes(session.kind, day, clockTime(session.convenedFor, council.timeZone), session.place, words.calls[session.call]),
    ...(session.kind === 'extraordinary-urgent' ? [words.urgent] : []),
    ...(session.call === 1 ? [words.second] : []),
    '',
    words.agenda,
    ...parts.flat(),
    '',
    ...(audience === 'media'
      ? [words.open, words.media]
      : [...(previous ? [words.acta(previousDay(previous, council))] : []), words.papers]),
    '',
    `${council.municipality}, ${longDate(issued.issuedAtMs, language, council.timeZone)}`,
    ...(mayor ? [`${mayor.name} ${mayor.surname}`] : []),
  ]
  return { subject: words.subject(session.kind, day), text: `${lines.join('\n')}\n`, to: audience === 'media' ? issued.media : [] }
}

/**
 * A notice as a message that a mail program opens to be sent (RFC 5322, RFC 2045; `X-Unsent` is what mail programs look for).
 * The addresses go in Bcc: no medium learns of another.
 */
export function toMailFile(of: Notice): string {
  const headers = [
    `Subject: ${encodedWord(of.subject)}`,
    ...(of.to.length > 0 ? [`Bcc: ${of.to.map((one) => `${encodedWord(one.name)}\r\n <${one.email}>`).join(',\r\n ')}`] : []),
    'X-Unsent: 1',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
  ]
  const body = Buffer.from(of.text.replaceAll('\n', '\r\n')).toString('base64')
  return `${headers.join('\r\n')}\r\n\r\n${body.replace(/.{1,76}/g, '$&\r\n')}`
}

/** RFC 2047 §2: pieces of at most 75 characters, never cutting a character in two. */
function encodedWord(text: string): string {
  const pieces: string[] = []
  let piece = ''
  for (const character of text) {
    if (Buffer.byteLength(piece + character) > 42) {
      pieces.push(piece)
      piece = ''
    }
    piece += character
  }
  return [...pieces, piece].map((one) => `=?utf-8?B?${Buffer.from(one).toString('base64')}?=`).join('\r\n ')
}

function previousDay(of: Session, council: Council): string {
  return longDate(of.convenedFor, of.language, council.timeZone)
}
