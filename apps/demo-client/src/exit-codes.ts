/** What the exit code of every command means. */
export const ExitCode = {
  ok: 0,
  /** The device refused a request, an item could not be read or written, octets are broken. */
  refused: 1,
  /** The command line makes no sense, or a value does not fit the type. */
  usage: 2,
  /** No TCP connection, or no association on it. */
  notConnected: 3,
  /** The association was lost or aborted, or the device did not answer in time. */
  lost: 4,
  /** A fault of this program. */
  internal: 70,
  /** Ctrl-C, or the user did not agree to a write. */
  interrupted: 130,
} as const

/** The same for the help text. */
export const exitCodeHelp = `Exit codes:
  0    done
  1    the device refused a request, or an item of it; octets are broken
  2    bad usage, or a value that does not fit the type
  3    no connection or no association
  4    the association was lost, or an answer did not come in time
  130  interrupted, or not agreed to`
