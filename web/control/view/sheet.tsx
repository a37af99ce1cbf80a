import type { ComponentChildren, JSX } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

/** A sheet over the room: the browser's own dialog keeps the focus in it and closes it with Esc. */
export function Sheet({ title, onClose, children, closeWord }: SheetProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null)
  const close = useRef(onClose)
  close.current = onClose
  useLayoutEffect(() => {
    const shown = dialog.current
    if (!shown) return
    // Esc closes it by itself, sometimes without a `cancel` (HTML, close watchers): `close` always comes.
    const closed = () => close.current()
    shown.addEventListener('close', closed)
    if (!shown.open) shown.showModal()
    return () => {
      shown.removeEventListener('close', closed)
      shown.close()
    }
  }, [])
  return (
    <dialog ref={dialog} class="sheet" aria-labelledby="sheet-title">
      <div class="sheet-head">
        <h2 id="sheet-title">{title}</h2>
        <button type="button" class="btn" onClick={onClose}>
          {closeWord}
        </button>
      </div>
      {children}
    </dialog>
  )
}

interface SheetProps {
  title: string
  closeWord: string
  onClose: () => void
  children: ComponentChildren
}
