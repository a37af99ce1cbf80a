/**
 * Niceness of what the worker runs while a session may be recorded on the same machine: decoder, detector and engine yield to what records.
 * Where nothing else wants the processor it costs nothing.
 */
export const backgroundNiceness = 10
