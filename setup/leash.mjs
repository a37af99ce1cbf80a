/**
 * Loaded before the program: when the process that started it is gone (killed hard, so that it could pass no signal on),
 * the program gets the SIGTERM that it would have got. The channel itself keeps nothing alive.
 */
if (process.send !== undefined && process.env.ESCANO_LEASH === String(process.ppid)) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  process.channel?.unref()
}
delete process.env.ESCANO_LEASH
