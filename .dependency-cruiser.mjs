// Rules of import, made from the table of layers.
import { layers, pureLayers } from './scripts/lib/layers.mjs';

const names = Object.keys(layers);
const anyOf = (list) => `(${list.join('|')})`;
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Only what a layer's row names may be imported from it. */
const upward = names.map((name) => {
  const { may, types = [] } = layers[name];
  const allowed = [name, 'base', ...may, ...types];
  return {
    name: `layer-${name}`,
    comment: `src/${name} may import ${allowed.slice(1).join(', ')}`,
    severity: 'error',
    from: { path: `^src/${name}/`, pathNot: '^src/cli/(completion|decode)-entry\\.ts$' },
    to: { path: '^src/[^/]+/', pathNot: `^src/${anyOf(allowed)}/` },
  };
});

const typesOnly = names
  .filter((name) => layers[name].types)
  .map((name) => ({
    name: `types-only-${name}`,
    comment: `src/${name} may import only types from ${layers[name].types.join(', ')}`,
    severity: 'error',
    from: { path: `^src/${name}/`, pathNot: '^src/cli/(completion|decode)-entry\\.ts$' },
    to: { path: `^src/${anyOf(layers[name].types)}/`, dependencyTypesNot: ['type-only'] },
  }));

const packages = names.map((name) => ({
  name: `packages-${name}`,
  comment: `src/${name} may import from npm only: ${(layers[name].packages ?? []).join(', ') || 'nothing'}`,
  severity: 'error',
  from: { path: `^src/${name}/` },
  to: {
    dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'],
    pathNot: (layers[name].packages ?? []).map((each) => `(^|/)node_modules/${escaped(each)}/`),
  },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'not-found', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-unknown-folder',
      comment: 'A new folder under src/ needs a row in scripts/lib/layers.mjs.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: `^src/${anyOf(names)}/` },
      to: {},
    },
    ...upward,
    ...typesOnly,
    ...packages,
    {
      name: 'pure-no-node',
      comment: 'Only platform, client, cluster, cli and commands may use Node.js modules.',
      severity: 'error',
      from: { path: `^src/${anyOf(pureLayers)}/` },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'through-the-face',
      comment:
        'Another layer is imported through its index.ts. Commands may go deeper, except into host.',
      severity: 'error',
      from: {
        path: '^src/([^/]+)/',
        pathNot: '^src/(commands/|cli/(completion|decode)-entry\\.ts$)',
      },
      to: { path: '^src/[^/]+/.+', pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$'] },
    },
    {
      name: 'through-the-face-of-host',
      severity: 'error',
      from: { path: '^src/(commands/|cli/(completion|decode)-entry\\.ts$)' },
      to: { path: '^src/host/.+', pathNot: '^src/host/index\\.ts$' },
    },
    {
      name: 'sdk-through-faces',
      comment: "The SDK's entry re-exports faces, and nothing of the command line.",
      severity: 'error',
      from: { path: '^src/index\\.ts$' },
      to: { path: '^src/(cli/|commands/|[^/]+/(?!index\\.ts$))' },
    },
    {
      name: 'without-oclif',
      comment: 'The SDK and the fast entries never load the command framework.',
      severity: 'error',
      from: { path: '^src/(index|cli/(completion|decode)-entry)\\.ts$' },
      to: { path: 'node_modules/@oclif/', reachable: true },
    },
  ],
  options: {
    // Without it type-only imports go unseen.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types'],
    },
  },
};
