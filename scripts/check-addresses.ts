/**
 * Checks that the repository installs from any registry that the user's npm is configured for: no file names the host of
 * a package registry, and the lock file holds no download addresses.
 */
import { listFiles, readText, report } from "./files.js";

// Hosts are matched by their form, so that this file names none itself: registry.<...>.org, proxy.<...>.org, and so on.
const HOST =
  /\b(?:registry|proxy|goproxy|sum|npm|mirrors?)(?:\.[a-z0-9-]+)+\.(?:org|com|io|dev|net|cn)\b/gi;

const problems: string[] = [];
const files = listFiles();
for (const path of files) {
  for (const match of readText(path).matchAll(HOST)) problems.push(`${path}: names ${match[0]}`);
}
if (/"resolved": "(?!file:)/.test(readText("package-lock.json")))
  problems.push('package-lock.json: has "resolved" addresses; .npmrc switches them off');
report("addresses", problems, `${files.length} files name no registry`);
