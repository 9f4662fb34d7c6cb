/** Verifies a program before it is started. */
import { createHash, getHashes, timingSafeEqual } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { PluginError } from "../../errors.js";

/**
 * The checksum that the program's file must have. The algorithm is a name and not an object: Go's hash object keeps
 * state, and fails when one configuration is used for two starts. Go: `SecureConfig`.
 */
export interface SecureConfig {
  /** The hash of the whole file, as bytes. */
  readonly checksum: Uint8Array;
  /** A name of `crypto.getHashes()`. Default `sha256`. */
  readonly algorithm?: string;
}

/**
 * Hashes the whole file and compares the hash in constant time. The file can still be replaced before it is started:
 * its permissions must prevent that.
 *
 * @throws PluginError `checksum-mismatch`; `bad-config` for a missing checksum, an unknown algorithm
 * or a file that cannot be read. Go: `SecureConfig.Check`.
 */
export async function verifyChecksum(path: string, secure: SecureConfig): Promise<void> {
  const algorithm = secure.algorithm ?? "sha256";
  if (secure.checksum.length === 0) throw unverified(path, "no checksum provided");
  if (!getHashes().includes(algorithm)) {
    throw unverified(path, `no hash implementation provided (${algorithm})`);
  }
  const hash = createHash(algorithm);
  try {
    await pipeline(createReadStream(path), hash);
  } catch (cause) {
    throw unverified(path, (cause as Error).message, cause);
  }
  const digest = hash.read() as Buffer;
  if (digest.length === secure.checksum.length && timingSafeEqual(digest, secure.checksum)) return;
  const text = `checksums did not match (${path}, ${algorithm})`;
  throw new PluginError("checksum-mismatch", text, { phase: "start", path });
}

function unverified(path: string, reason: string, cause?: unknown): PluginError {
  const text = `error verifying checksum: ${reason}`;
  return new PluginError("bad-config", text, { phase: "start", path, cause });
}
