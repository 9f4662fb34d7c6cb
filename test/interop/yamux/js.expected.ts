/**
 * What other implementations cannot do, and why, by the case in js.test.ts. `CASE: client` is only for the case in which we are
 * the client.
 */

const NO_ACCEPT = "its client cannot accept streams";

/** The reasons, by implementation and case. */
export const EXPECTED_FAILURES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "yamux-js": {
    "takes our streams: server": NO_ACCEPT,
    "1 MiB each way on our stream: client":
      "it ignores the credit on our SYN, and waits for credit that it has",
    "1 MiB each way on our stream: server": NO_ACCEPT,
    "1 MiB each way on our stream, with windows of 256 KiB: server": NO_ACCEPT,
    "frames cut in pieces of 5 bytes": "it loses frames that two reads share",
    "sees our end, and goes on writing": "it ignores FIN",
    "sees our reset": "it does not report RST",
    pings: "its ping is private",
    "its GoAway stops our opens": "it sends GoAway only when it closes the connection",
    "a reader that stops holds us back": "it gives credit for what arrives, read or not",
  },
  libp2p: {
    "after our GoAway its streams go on": "it ends all streams on GoAway",
  },
};
