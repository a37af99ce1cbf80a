import type { Language } from '../../storage/model/council.ts'
import { draftedLines } from '../portal/drafted-lines.ts'
import { liveWords } from '../words/live-words.ts'
import type { LiveAnswer } from './live-protocol.ts'
import type { LiveView } from './read-live.ts'

/** The state in words: what is on the floor and who speaks belong to the picture, so they come as late as it does. */
export function liveSentences(
  view: Pick<LiveView, 'council' | 'phase' | 'item' | 'speaker' | 'drafted'>,
  language: Language,
): Omit<LiveAnswer, 'phase' | 'run'> {
  const words = liveWords[language]
  return {
    state: words.phases[view.phase],
    item: view.item ? words.item(view.item.number, view.item.title[language]) : '',
    speaker: view.speaker ? words.speaker(view.speaker[language]) : '',
    captions: draftedLines(view.drafted, view.council, language),
  }
}
