import { lstat, readdir, readlink } from "node:fs/promises";
import path from "node:path";
import { fingerprintFile } from "../store/fingerprint.js";

/**
 * Everything below a folder: SHA-256 of files, targets of links, `folder` for folders, by path with forward slashes. Two
 * trees are equal to the byte when these are.
 */
export async function treeHashes(root: string): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  const names = await readdir(root, { recursive: true }).catch((): string[] => []);
  for (const name of names.sort()) {
    const file = path.join(root, name);
    const { isFile, isFolder, isLink } = await kindOf(file);
    const place = name.split(path.sep).join("/");
    if (isLink) found[place] = `link to ${await readlink(file)}`;
    else if (isFolder) found[place] = "folder";
    else found[place] = isFile ? (await fingerprintFile(file)).sha256 : "neither file nor folder";
  }
  return found;
}

/** Whether two trees are equal to the byte. */
export function isSameTree(
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

async function kindOf(
  file: string,
): Promise<{ isFile: boolean; isFolder: boolean; isLink: boolean }> {
  const stat = await lstat(file);
  return { isFile: stat.isFile(), isFolder: stat.isDirectory(), isLink: stat.isSymbolicLink() };
}
