// Who may import whom (ARCHITECTURE.md). Allow-lists: what is not named here is refused, so a new folder has to be thought about.
// Run it by `node tools/imports.mjs`, which also checks that every file was seen.
import { modules } from './tools/modules.mjs';

const server = '^packages/server/src';
const contract = '^packages/contract/src/';
const shared = [`${server}/kernel/`, `${server}/platform/`];
const adapters = '(?:http|jobs|cli|bot)';
const anyNpm = 'node_modules/';
const testFile = '\\.test\\.ts$';
const core = { dependencyTypes: ['core'] };

/** @param {string} pattern */
const module = (pattern) => `${server}/modules/${pattern}`;
/** @param {string[]} names */
const npm = (...names) => `node_modules/(?:${names.join('|')})/`;
/** @param {string} from @param {(string | object)[]} targets */
const allow = (from, ...targets) =>
  targets.map((to) => ({ from: { path: from, pathNot: testFile }, to: typeof to === 'string' ? { path: to } : to }));

/** @param {string[]} names */
const doors = (names) => module(`(?:${names.join('|')})/index\\.ts$`);
/** @param {string} path */
const typesOf = (path) => ({ path, dependencyTypes: ['type-only'] });

const forKernel = allow(`${server}/kernel/`, `${server}/kernel/`, npm('zod', 'temporal-polyfill', 'libphonenumber-js'));
const forPlatform = allow(`${server}/platform/`, ...shared, contract, anyNpm, core);
const forContract = allow(contract, contract, npm('zod'));

const insideModule = [
  ...allow(module('([^/]+)/index\\.ts$'), module('$1/(?:domain|service|store)/')),
  ...allow(
    module('([^/]+)/domain/'),
    ...[module('$1/domain/'), module('$1/documents/'), `${server}/kernel/`],
    npm('zod', 'temporal-polyfill'),
  ),
  ...allow(
    module('([^/]+)/store/'),
    ...[module('$1/(?:domain|store)/'), ...shared],
    npm('kysely', 'pg', '@types/pg', 'pg-copy-streams', '@types/pg-copy-streams', 'temporal-polyfill', 'zod'),
    { path: '^(?:node:)?stream', dependencyTypes: ['core'] },
  ),
  ...allow(
    module('([^/]+)/service/'),
    ...[module('$1/(?:domain|store|service)/'), ...shared, typesOf(contract)],
    npm('temporal-polyfill', 'zod'),
    // Hashes and streams are not the outside world; files, sockets and processes are: those belong to adapters and providers.
    { path: '^(?:node:)?(?:crypto|stream|stream/promises|util)$', dependencyTypes: ['core'] },
  ),
  ...allow(
    module(`([^/]+)/(${adapters})/`),
    ...[module('$1/(?:domain|service|$2)/'), ...shared, contract, doors(['access']), anyNpm, core],
  ),
  ...allow(module('([^/]+)/providers/'), module('$1/(?:domain|providers)/'), ...shared, anyNpm, core),
  // Hands a module's dependencies to its adapters; only wiring imports it.
  ...allow(module('([^/]+)/mount\\.ts$'), module('$1/'), ...shared, contract, doors(['access']), npm('fastify')),
];

const betweenModules = Object.entries(modules).flatMap(([name, callees]) => {
  const reachable = doors([...callees, 'access'].filter((callee) => callee !== name));
  return [
    ...allow(module(`${name}/service/`), reachable),
    // What a decision is about may be another module's type: nothing of it is left at run time.
    ...allow(module(`${name}/(?:domain|store|${adapters})/`), typesOf(reachable)),
    // Tests of a module meet the modules below it.
    { from: { path: `${module(`${name}/`)}.*${testFile}` }, to: { path: reachable } },
  ];
});

const forTests = [
  { from: { path: `${server}/(?:cli|wiring)/.*${testFile}` }, to: { path: `${server}/` } },
  { from: { path: `${module('([^/]+)/')}.*${testFile}` }, to: { path: [module('$1/'), ...shared, contract] } },
  { from: { path: `${server}/(?:kernel|platform)/.*${testFile}` }, to: { path: [...shared, contract] } },
  { from: { path: `^packages/.*${testFile}` }, to: { path: ['^packages/server/test/', anyNpm] } },
  { from: { path: `^packages/.*${testFile}` }, to: core },
  { from: { path: `^packages/contract/src/.*${testFile}` }, to: { path: contract } },
  { from: { path: '^packages/server/test/' }, to: {} },
];

const compositionRoot = allow(
  `${server}/(?:(?:main|wiring)\\.ts$|(?:cli|wiring)/)`,
  `${server}/`,
  contract,
  anyNpm,
  core,
);

const forUserInterfaces = [
  ...allow('^packages/(admin|till|miniapp|widget)/', '^packages/(?:$1|ui)/', contract, anyNpm),
  ...allow('^packages/ui/', '^packages/ui/', contract, anyNpm),
];

export default {
  allowed: [
    ...[...forKernel, ...forPlatform, ...forContract, ...insideModule, ...betweenModules],
    ...[...forTests, ...compositionRoot, ...forUserInterfaces],
  ],
  allowedSeverity: 'error',
  forbidden: [
    {
      name: 'unresolved',
      comment: 'An import that leads nowhere is seen by no rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'development-only',
      comment: 'What runs in production must be in dependencies.',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: testFile },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'circle',
      comment: 'Two files that need each other are one file, or a third one is missing.',
      severity: 'error',
      from: { pathNot: testFile },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^packages/[^/]+/dist/' },
    tsPreCompilationDeps: 'specify',
    moduleSystems: ['es6'],
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.d.ts'],
    },
  },
};
