import type { ComponentChildren, JSX } from 'preact'
import { Icon, type IconName } from './icon.tsx'

export type Tone = 'plain' | 'good' | 'warn' | 'bad' | 'closed' | 'council'

/** A state in a word or two, with its icon. */
export function Chip({ tone = 'plain', icon, children }: { tone?: Tone; icon?: IconName; children: ComponentChildren }): JSX.Element {
  return (
    <span class={tone === 'plain' ? 'chip' : `chip ${tone}`}>
      {icon ? <Icon name={icon} /> : null}
      {children}
    </span>
  )
}

/** One sentence across the page. */
export function Strip({ tone, icon, children, link }: StripProps): JSX.Element {
  return (
    <div class={`strip ${tone}`}>
      <Icon name={icon} />
      <span>{children}</span>
      {link}
    </div>
  )
}

interface StripProps {
  tone: Tone
  icon: IconName
  children: ComponentChildren
  link?: JSX.Element | undefined
}
