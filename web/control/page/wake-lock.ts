/** Keeps the screen on while the page is looked at; the browser lets go when it is hidden, so it is asked again (W3C Screen Wake Lock). */
export function keepScreenOn(): void {
  if (!('wakeLock' in navigator)) return
  const ask = () => {
    if (document.visibilityState !== 'visible') return
    // Refused on low battery: the page works all the same.
    navigator.wakeLock.request('screen').catch((cause: unknown) => console.info('the screen may go dark', cause))
  }
  document.addEventListener('visibilitychange', ask)
  ask()
}
