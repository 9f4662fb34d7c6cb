/**
 * Which folder may import which; ARCHITECTURE.md draws it. The rules hold for type-only imports too.
 * `test/repository/dependencies.test.ts` shows that each of them catches what it forbids.
 */
const OUTSIDE_WORLD =
  "^(node:)?(child_process|cluster|dgram|dns|fs|http|http2|https|inspector|net|os|process|tls|tty|worker_threads)(/|$)";

const ENTRIES = "^lib/(gob|index|netrpc|testing|yamux)\\.ts$";

/** Files of lib that every room may use. */
const LIB_ROOT = "^lib/(errors|keep-alive|settled)\\.ts$";

/** The rooms of lib, from the lowest to the highest. Those of one line do not know each other. */
const LIB_ROOMS = [["observe"], ["net"], ["tls"], ["contract"], ["host", "plugin"], ["testing"]];

/** What all of gob stands on. */
const UNDER_GOB = "^protocol/((schema|bytes)/|error(s|-text)\\.ts$)";

/** Files beside the rooms of gob that encoding and decoding share. */
const GOB_SHARED = "^protocol/gob/(failure|generate|limits|registry)\\.ts$";

/** `from` may import, of our own files, only what matches `to`. */
const only = (name, from, to) => ({
  name,
  severity: "error",
  from: { path: from },
  to: { path: "^(benchmarks|examples|lib|mux|protocol|scripts|spec|test)/", pathNot: to },
});

/** `from` may not import `to`, whatever that is. */
const never = (name, from, to) => ({ name, severity: "error", from, to: { path: to } });

/** Each room of lib may import itself, those below it, and what lies under all of them. */
const libRooms = LIB_ROOMS.flatMap((rooms, level) =>
  rooms.map((room) => {
    const below = LIB_ROOMS.slice(0, level).flat();
    const known = `^lib/(${[room, ...below].join("|")})/|${LIB_ROOT}|^(mux|protocol)/`;
    return only(`lib-${room}-knows-what-is-below`, `^lib/${room}/`, known);
  }),
);

/** In the host's room, processes are below the client. */
const hostProcess = only(
  "host-process-knows-no-client",
  "^lib/host/process/",
  `^lib/(host/process|contract|tls|net|observe)/|${LIB_ROOT}|^(mux|protocol)/`,
);

/** In gob, types are below both ways of coding, and these do not know each other. */
const gobRooms = [
  only(
    "gob-types-know-no-coder",
    "^protocol/gob/type/",
    `^protocol/gob/(type/|failure\\.ts$)|${UNDER_GOB}`,
  ),
  only(
    "gob-wellknown-is-schemas",
    "^protocol/gob/wellknown/",
    `^protocol/gob/wellknown/|${UNDER_GOB}`,
  ),
  ...["encode", "decode"].map((room) =>
    only(
      `gob-${room}-knows-what-is-below`,
      `^protocol/gob/${room}/`,
      `^protocol/gob/(${room}|type|wellknown)/|${GOB_SHARED}|${UNDER_GOB}`,
    ),
  ),
  only(
    "gob-shared-knows-no-coder",
    GOB_SHARED,
    `^protocol/gob/(type|wellknown)/|${GOB_SHARED}|${UNDER_GOB}`,
  ),
];

module.exports = {
  forbidden: [
    {
      name: "no-cycle",
      comment: "modules that need each other are one module, or have a third one between them",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    ...libRooms,
    hostProcess,
    only("lib-root-knows-no-room", LIB_ROOT, `${LIB_ROOT}|^(mux|protocol)/`),
    {
      name: "lib-entries-are-the-top",
      severity: "error",
      from: { path: "^lib/", pathNot: ENTRIES },
      to: { path: ENTRIES },
    },
    only("lib-knows-mux-and-protocol", "^lib/", "^(lib|mux|protocol)/"),
    only("mux-knows-bytes", "^mux/", "^(mux|protocol/(async|bytes))/"),
    only("waits-know-nothing", "^protocol/async/", "^protocol/async/"),
    only("bytes-know-nothing", "^protocol/bytes/", "^protocol/(bytes/|error(s|-text)\\.ts$)"),
    only("errors-know-nothing", "^protocol/error(s|-text)\\.ts$", "^$"),
    only("schemas-know-no-codec", "^protocol/schema/", "^protocol/(schema/|error(s|-text)\\.ts$)"),
    ...gobRooms,
    only(
      "gob-knows-schemas",
      "^protocol/gob/",
      "^protocol/((gob|schema|bytes)/|error(s|-text)\\.ts$)",
    ),
    only(
      "plain-knows-schemas",
      "^protocol/plain/",
      "^protocol/((plain|schema|bytes)/|error(s|-text)\\.ts$)",
    ),
    only(
      "msgpack-and-json-know-plain",
      "^protocol/(msgpack|json)/",
      "^protocol/((msgpack|json|plain|schema|bytes)/|error(s|-text)\\.ts$)",
    ),
    only(
      "handshake-is-text",
      "^protocol/handshake/",
      "^protocol/(handshake/|error(s|-text)\\.ts$)",
    ),
    only("protocol-stands-alone", "^protocol/", "^protocol/"),
    // Only lib touches processes, sockets and files; reading process.env is biome.json's to forbid.
    never("no-outside-world", { path: "^(mux|protocol)/" }, OUTSIDE_WORLD),
    never(
      "no-node-streams",
      { path: "^(mux|protocol)/", pathNot: "^mux/duplex(-transport)?\\.ts$" },
      "^(node:)?stream(/|$)",
    ),
    // No run-time dependency: what is published imports Node and itself.
    never("no-packages", { path: "^(lib|mux|protocol)/" }, "node_modules/"),
    {
      name: "no-dead-modules",
      comment: "what no entry of the package reaches is not published code",
      severity: "error",
      from: { path: ENTRIES },
      to: { path: "^(lib|mux|protocol)/", pathNot: ENTRIES, reachable: false },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|\\.cache|coverage)/" },
    tsConfig: { fileName: "tsconfig.json" },
    // Sees type-only imports as well, and knows them apart.
    tsPreCompilationDeps: true,
  },
};
