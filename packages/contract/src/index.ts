export * from './problem.ts';
export * from './route.ts';
export * from './wire.ts';
