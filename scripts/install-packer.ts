/** Installs what `npm run test:packer` needs on the machine: Debian's packer, and sshd as the target of the builds. */
import { spawnSync } from "node:child_process";

const NEEDED = { packer: "packer", "/usr/sbin/sshd": "openssh-server" } as const;

const isThere = (program: string): boolean =>
  spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
const missing = (): string[] =>
  Object.entries(NEEDED).flatMap(([program, name]) => (isThere(program) ? [] : [name]));

function apt(...args: string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  spawnSync("apt-get", ["-qq", ...args], { env, stdio: ["ignore", "ignore", "inherit"] });
}

if (missing().length > 0 && process.getuid?.() === 0 && isThere("apt-get")) {
  console.log(`test:packer: installing ${missing().join(", ")} with apt-get`);
  apt("update");
  apt("install", "--yes", "--no-install-recommends", ...missing());
}
if (missing().length > 0) {
  console.error(
    `test:packer needs ${missing().join(" and ")}: on Debian, as root, apt-get install ` +
      `${missing().join(" ")}; elsewhere put packer 1.6, or 1.10 or later, on the PATH`,
  );
  process.exitCode = 1;
}
