import type { JSX } from 'preact'

/** What a machine understood while it was said, in its language; `speaker` is empty where nobody is sure. */
export function HeardLine({ speaker, language, text }: { speaker: string; language: string; text: string }): JSX.Element {
  return (
    <p>
      {speaker === '' ? null : <b>{speaker}: </b>}
      <span lang={language}>{text}</span>
    </p>
  )
}
