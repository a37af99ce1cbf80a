import type { ComponentChildren, JSX } from 'preact'
import type { TranscriptQuality } from '../../storage/model/transcript-quality.ts'
import type { QualityWords } from '../words/quality-gl.ts'

export interface QualityView {
  words: QualityWords
  quality: TranscriptQuality
  /** A speaker's key as people know them. */
  nameOf(speaker: string): string
  /** Where a place of the recording is heard: the editor at that second. */
  listen(ms: number): string
  /** Where it is said who speaks; undefined for who may only read, and while there is no acta. */
  confirm: string | undefined
}

/** A card with a heading. */
export function Card({ title, children }: { title: string; children: ComponentChildren }): JSX.Element {
  return (
    <section class="card pad stack">
      <h2>{title}</h2>
      {children}
    </section>
  )
}

/** A figure with its name. */
export function Figure({ name, value }: { name: string; value: string }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="num">{value}</dd>
    </div>
  )
}
