/** Explains bytes that are not yamux. The most common reason is that only one side uses TLS [YAMUX-6]. */

const SHOWN_BYTES = 40;
const HTTP = /^(HTTP\/\d|(GET|POST|PUT|HEAD|PRI|CONNECT|OPTIONS|DELETE|PATCH) )/;

/** What the first bytes look like (TLS, HTTP, text, or hex), for an error message. */
export function describeForeignBytes(bytes: Uint8Array): string {
  const head = bytes.subarray(0, SHOWN_BYTES);
  const [first, second] = head;
  // A TLS record: content type 20 to 23, then the major version 3.
  if (first !== undefined && first >= 20 && first <= 23 && second === 3) {
    return `the peer speaks TLS: ${first === 21 ? "an alert" : "a handshake"}, ${toHex(head)}`;
  }
  const text = Buffer.from(head).toString("latin1");
  if (HTTP.test(text)) return `the peer speaks HTTP: ${JSON.stringify(text)}`;
  if (isText(head)) return `the peer sent text: ${JSON.stringify(text)}`;
  return `got ${toHex(head)}`;
}

const toHex = (bytes: Uint8Array): string => Buffer.from(bytes.subarray(0, 12)).toString("hex");

/** Printable ASCII, tab and line ends. One byte alone proves nothing. */
const isText = (bytes: Uint8Array): boolean =>
  bytes.length > 1 && bytes.every((b) => (b >= 32 && b < 127) || b === 9 || b === 10 || b === 13);
