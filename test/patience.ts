/**
 * How long a test waits for what must come, on a machine that has much else to do: no bound on anything, only the end of hope. What the
 * product promises in seconds is compared apart, in a test whose title says who asks for it.
 */
export const patience = { timeout: 60_000, interval: 50 } as const
