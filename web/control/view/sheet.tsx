import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

/** A sheet over the room: the browser's own dialog keeps the focus in it and closes it with Esc. */
export function Sheet({ title, onClose, children, closeWord }: SheetProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const shown = dialog.current
    if (shown && !shown.open) shown.showModal()
    return () => shown?.close()
  }, [])
  return (
    <dialog ref={dialog} class="sheet" aria-labelledby="sheet-title" onCancel={onClose}>
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
