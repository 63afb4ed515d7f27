// A small repository in a temporary folder, to plant faults in.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { repository } from './files.mjs';

export interface Fixture {
  readonly root: string;
  write(files: Record<string, string>): void;
  /** Makes a package of the real repository importable from the fixture. */
  link(packageName: string, target?: string): void;
  remove(): void;
}

export function fixture(files: Record<string, string> = {}): Fixture {
  const root = mkdtempSync(join(tmpdir(), 'kopilka-tools-'));
  const write: Fixture['write'] = (more) => {
    for (const [path, text] of Object.entries(more)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  };
  write(files);
  return {
    root,
    write,
    link: (packageName, target = join(repository, 'node_modules', packageName)) => {
      const place = join(root, 'node_modules', packageName);
      mkdirSync(dirname(place), { recursive: true });
      symlinkSync(target, place);
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
