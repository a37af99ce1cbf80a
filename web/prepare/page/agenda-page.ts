/** Alt and an arrow move the item that has the focus; the buttons do the same without this. */
document.addEventListener('keydown', (event) => {
  if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
  const line = event.target instanceof Element ? event.target.closest('[data-item]') : null
  const button = line?.querySelector<HTMLButtonElement>(`[data-move=${event.key === 'ArrowUp' ? 'up' : 'down'}]`)
  if (!button || button.disabled) return
  event.preventDefault()
  button.click()
})

/** A form with something written in it is not left by mistake. */
let written = false
document.addEventListener('input', () => {
  written = true
})
document.addEventListener('submit', () => {
  written = false
})
addEventListener('beforeunload', (event) => {
  if (written) event.preventDefault()
})

for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-copy]')) {
  const text = document.querySelector<HTMLTextAreaElement>(`#${button.dataset.copy}`)
  const said = button.parentElement?.querySelector('[role=status]')
  button.hidden = false
  button.addEventListener('click', async () => {
    if (!text) return
    await navigator.clipboard.writeText(text.value)
    if (said) said.textContent = button.dataset.copied ?? ''
  })
}
