// Biome formats and does the syntactic rules. Here are only the rules that need types, the size limits, and
// the bans that keep the pure layers pure; nothing about style, so that the two never disagree.
import tseslint from 'typescript-eslint';
import { pureLayers } from './scripts/lib/layers.mjs';

const pureFiles = pureLayers.map((layer) => `src/${layer}/**/*.ts`);

/** Globals a pure layer must not see: clocks, timers, entropy, the process, promises, Node's Buffer. */
const impureGlobals = [
  ...['Date', 'performance', 'crypto', 'process', 'console', 'Buffer', 'Promise', 'fetch'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'globalThis'],
  ...['clearTimeout', 'clearInterval', 'clearImmediate', 'AbortController', 'AbortSignal'],
];

const asyncSyntax = [
  'AwaitExpression',
  'ForOfStatement[await=true]',
  ':function[async=true]',
  'TSTypeReference[typeName.name=/^(Promise|PromiseLike|AsyncIterable|AsyncGenerator)$/]',
  'ImportExpression',
];

export default tseslint.config(
  {
    ignores: [
      'dist/**',
      'dist-mutants/**',
      '.cache/**',
      'bin/**',
      'scripts/**',
      'bench/**',
      '*.js',
      '*.cjs',
    ],
  },
  {
    files: ['src/**/*.ts', 'test/**/*.ts', 'vitest.config.ts'],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    plugins: { '@typescript-eslint': tseslint.plugin },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-unsafe-argument': 'error',
      '@typescript-eslint/no-unsafe-assignment': 'error',
      '@typescript-eslint/no-unsafe-call': 'error',
      '@typescript-eslint/no-unsafe-member-access': 'error',
      '@typescript-eslint/no-unsafe-return': 'error',
      '@typescript-eslint/require-await': 'error',
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: pureFiles,
    rules: {
      'no-restricted-globals': [
        'error',
        ...impureGlobals.map((name) => ({ name, message: `A pure layer has no ${name}.` })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'A pure layer takes randomness as input.' },
      ],
      'no-restricted-syntax': [
        'error',
        ...asyncSyntax.map((selector) => ({ selector, message: 'A pure layer is synchronous.' })),
      ],
    },
  },
  // oclif declares `run()` as async, whether a command awaits anything or not.
  { files: ['src/commands/**/*.ts'], rules: { '@typescript-eslint/require-await': 'off' } },
  // Tables: constants only, named *.data.ts, of any length.
  { files: ['src/**/*.data.ts'], rules: { 'max-lines': 'off' } },
);
