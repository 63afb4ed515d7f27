import { existsSync, statSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { filesOf, textOf } from '../files.mjs';

const link = /\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g;

/** Relative links of every document lead to a file, and to a heading where they name one. @param {string} root @returns {string[]} */
export function linkProblems(root) {
  return filesOf(root, /\.md$/).flatMap((path) => {
    const targets = [...withoutCode(textOf(root, path)).matchAll(link)].map((match) => match[1] ?? '');
    return targets
      .filter((target) => !leads(root, path, target))
      .map((target) => `${path}: the link ${target} leads nowhere`);
  });
}

/** @param {string} root @param {string} from @param {string} target */
function leads(root, from, target) {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return true;
  const [file = '', anchor] = decodeURI(target).split('#');
  const path = file === '' ? from : file.startsWith('/') ? file.slice(1) : posix.join(dirname(from), file);
  const place = join(root, path);
  if (!existsSync(place)) return false;
  if (anchor === undefined || !path.endsWith('.md') || statSync(place).isDirectory()) return true;
  return headings(textOf(root, path)).has(anchor);
}

/** @param {string} markdown */
function headings(markdown) {
  const titles = [...withoutCode(markdown).matchAll(/^#{1,6}\s+(.+)$/gm)].map((match) => match[1] ?? '');
  return new Set(
    titles.map((title) =>
      title
        .trim()
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replace(/\s/g, '-'),
    ),
  );
}

/** @param {string} markdown */
function withoutCode(markdown) {
  return markdown
    .replace(/^(```|~~~)[\s\S]*?^\1/gm, '')
    .replace(/`[^`\n]*`/g, (code) => (code.includes('](') ? '' : code));
}
