/** What the installed packages weigh. */
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes of a package's own files on disk, packages nested in it not counted. */
export interface InstalledPackage {
  readonly name: string;
  readonly bytes: number;
}

/** Every package installed in a checkout, the heaviest first; links to workspaces are not followed. */
export function installedPackages(root: string): InstalledPackage[] {
  const found = new Map<string, number>();
  const inside = (modules: string): void => {
    for (const entry of readdirSync(modules, { withFileTypes: true })) {
      if (!entry.isDirectory() || entry.name.startsWith('.')) continue;
      const names = entry.name.startsWith('@') ? readdirSync(join(modules, entry.name)).map((n) => `${entry.name}/${n}`) : [entry.name];
      for (const name of names) {
        const path = join(modules, name);
        if (lstatSync(path).isDirectory()) found.set(name, (found.get(name) ?? 0) + weigh(path));
      }
    }
  };
  const weigh = (folder: string): number => {
    let bytes = 0;
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && entry.name === 'node_modules') inside(path);
      else if (entry.isDirectory()) bytes += weigh(path);
      else if (entry.isFile()) bytes += lstatSync(path).size;
    }
    return bytes;
  };
  inside(join(root, 'node_modules'));
  return [...found].map(([name, bytes]) => ({ name, bytes })).sort((a, b) => b.bytes - a.bytes);
}
