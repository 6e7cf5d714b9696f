// `content-length` (RFC 9110, section 8.6), of a request or of a reply. The runtime's framing holds a body to it, where it
// is not compressed; nothing else is believed because of it.

/** Null where no one length is declared. */
export function declaredLength(headers: Headers): number | null {
  const text = headers.get("content-length");
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** A compressed body would have to be inflated before it is counted. */
export function isCompressed(headers: Headers): boolean {
  const encoding = headers.get("content-encoding");
  return encoding !== null && encoding.toLowerCase() !== "identity";
}
