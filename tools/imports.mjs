// Import rules (.dependency-cruiser.mjs), and proof that they were applied to every file: with a TypeScript it cannot
// use, dependency-cruiser says "no violations" about zero modules and exits 0.
import { cruise } from 'dependency-cruiser';
import rules from '../.dependency-cruiser.mjs';
import { filesOf, report, repository } from './files.mjs';

const source = /^packages\/[^/]+\/(src|test)\/.*\.tsx?$/;

/**
 * @param {string} root
 * @returns {Promise<string[]>}
 */
export async function importProblems(root) {
  const onDisk = filesOf(root, source);
  const { allowed, allowedSeverity, forbidden, options } = rules;
  const ruleSet = { allowed, allowedSeverity, forbidden };
  const { enhancedResolveOptions, ...cruiseOptions } = options;
  const found = await cruise(
    ['packages'],
    // @ts-expect-error the severity and the module systems of a literal are wider than the declared unions
    { ...cruiseOptions, baseDir: root, ruleSet, validate: true },
    enhancedResolveOptions,
  );
  if (typeof found.output === 'string') throw new Error('dependency-cruiser answered with text');
  const cruised = new Set(found.output.modules.map((module) => module.source));
  return [
    ...found.output.summary.violations.map(
      ({ rule, from, to }) => `${from} → ${to}: ${sentences[rule.name] ?? rule.name}`,
    ),
    ...onDisk.filter((file) => !cruised.has(file)).map((file) => `${file}: was not looked at`),
    ...(onDisk.length === 0 ? ['there are no files to look at'] : []),
  ];
}

/** @type {Record<string, string>} */
const sentences = {
  'not-in-allowed': 'may not import this (see .dependency-cruiser.mjs)',
  unresolved: 'leads nowhere',
  'development-only': 'is a development dependency',
  circle: 'they import each other',
};

if (import.meta.main) report('imports', await importProblems(repository));
