import { configDefaults, defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const server = 'packages/server';
const cluster = `${server}/test/cluster.ts`;

/** Every project but `unit` meets a real PostgreSQL: one throw-away cluster for the whole run. */
function onDatabase(name: string, include: string[], timeoutSeconds: number): TestProjectInlineConfiguration {
  return {
    extends: true,
    test: {
      name,
      include,
      globalSetup: [cluster],
      testTimeout: timeoutSeconds * 1000,
      hookTimeout: timeoutSeconds * 1000,
    },
  };
}

export default defineConfig({
  test: {
    // The machines we promise to run on have two cores, and PostgreSQL wants its share.
    maxWorkers: 2,
    // A project may be still empty, but one that finds no file it was told to run must not pass: tools/gate.mjs counts.
    passWithNoTests: false,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'tools/**/*.test.ts'],
          exclude: [...configDefaults.exclude, '**/*.db.test.ts'],
        },
      },
      onDatabase('db', ['packages/*/src/**/*.db.test.ts', `${server}/test/*.db.test.ts`, 'tools/**/*.db.test.ts'], 20),
      onDatabase('stories', [`${server}/test/stories/**/*.test.ts`], 30),
      onDatabase('cases', [`${server}/test/cases/**/*.test.ts`], 80),
      onDatabase('simulation', [`${server}/test/simulation/**/*.test.ts`], 80),
      onDatabase('crash', [`${server}/test/crash/**/*.test.ts`], 60),
    ],
  },
});
