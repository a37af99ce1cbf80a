import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Icon, type IconName } from '../../design/icon.tsx'

/** Longer than any slip of the hand. */
const holdMs = 1_000

interface HoldButtonProps {
  class: string
  icon: IconName
  label: string
  /** Said while it is held, and after a tap that was too short. */
  hint: string
  disabled: boolean
  onHeld: () => void
  /** Pressed by what cannot hold: a switch, a screen reader. */
  onAsked: () => void
}

/** A button that acts only when it is held for a second, by finger, mouse, Space or Enter. */
export function HoldButton({ label, hint, icon, disabled, onHeld, onAsked, class: name }: HoldButtonProps): JSX.Element {
  const [state, setState] = useState<'rest' | 'held' | 'short'>('rest')
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const handled = useRef(false)
  const release = () => {
    clearTimeout(timer.current)
    timer.current = undefined
    setState((now) => (now === 'held' ? 'short' : now))
  }
  const press = () => {
    if (timer.current !== undefined || disabled) return
    handled.current = true
    setState('held')
    timer.current = setTimeout(() => {
      timer.current = undefined
      setState('rest')
      onHeld()
    }, holdMs)
  }
  useEffect(() => () => clearTimeout(timer.current), [])
  const isPressKey = (event: KeyboardEvent) => event.key === ' ' || event.key === 'Enter'
  return (
    <button
      type="button"
      class={`${name} hold`}
      data-hold={state}
      disabled={disabled}
      onPointerDown={press}
      onPointerUp={release}
      onPointerLeave={release}
      onPointerCancel={release}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (!isPressKey(event)) return
        event.preventDefault()
        if (!event.repeat) press()
      }}
      onKeyUp={(event) => isPressKey(event) && release()}
      onBlur={release}
      onClick={() => {
        if (!handled.current) onAsked()
        handled.current = false
      }}
    >
      <span class="fill" aria-hidden="true" />
      <Icon name={icon} />
      <span>{state === 'rest' ? label : hint}</span>
    </button>
  )
}
