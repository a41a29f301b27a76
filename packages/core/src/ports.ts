/** The TCP port that RFC 1006 reserves. Any other conforms too: RFC 2126, 1. */
export const ISO_TSAP_PORT = 102
/** The TCP port of the same over TLS, as IEC 62351-4 uses it. */
export const ISO_TSAP_TLS_PORT = 3782
