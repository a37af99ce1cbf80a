import type { Answer, VerifyPageData } from '../page-data.ts'
import { element } from './page-element.ts'

const icons = { good: 'M5 12.5 10 17.5 19.5 7', bad: 'M6 6 18 18M18 6 6 18', warn: 'M12 4 21 19.5H3ZM12 10V14M12 17v.2' }

/** How far the reading is, in words and as a bar; without a number, as work that goes on. */
export function showProgress(sentence: string, percent: number | undefined): void {
  element('answer').replaceChildren()
  element('progress').hidden = false
  const said = percent === undefined ? sentence : sentence.replace('0', String(percent))
  if (element('progress-text').textContent !== said) element('progress-text').textContent = said
  const bar = element('progress-bar')
  if (!(bar instanceof HTMLProgressElement)) return
  if (percent === undefined) bar.removeAttribute('value')
  else bar.value = percent
}

/** One sentence with its icon; the particulars folded under it. */
export function showAnswer(
  tone: 'good' | 'bad' | 'warn',
  [heading, sentence]: Answer,
  details: [string, string][],
  data: VerifyPageData,
): void {
  element('progress').hidden = true
  const box = make('div', '', `answer ${tone}`)
  const title = make('h2', '')
  title.append(icon(tone), heading)
  box.append(title, make('p', sentence))
  if (data.demo && tone === 'good') box.append(make('p', data.say.demo, 'small'))
  if (details.length > 0) box.append(particulars(details, data.say.details))
  element('answer').replaceChildren(box)
}

function particulars(details: [string, string][], summary: string): HTMLElement {
  const folded = make('details', '')
  const listed = make('dl', '', 'hashes')
  for (const [name, value] of details) {
    const shown = make('dd', '')
    shown.append(make('code', value))
    listed.append(make('dt', name), shown)
  }
  folded.append(make('summary', summary), listed)
  return folded
}

function make(name: string, text: string, className = ''): HTMLElement {
  const made = document.createElement(name)
  if (text) made.textContent = text
  if (className) made.className = className
  return made
}

function icon(tone: keyof typeof icons): SVGSVGElement {
  const space = 'http://www.w3.org/2000/svg'
  const svg = document.createElementNS(space, 'svg')
  for (const [name, value] of Object.entries({ class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true' })) svg.setAttribute(name, value)
  const path = document.createElementNS(space, 'path')
  path.setAttribute('d', icons[tone])
  svg.append(path)
  return svg
}
