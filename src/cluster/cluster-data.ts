import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { PasswordHashing } from '../ports/index.js';
import { lockDirectory } from './directory-lock.js';
import { type ClusterManifest, checkManifest, readManifest, writeManifest } from './manifest.js';

/** Where a cluster keeps its files. */
export interface ClusterData {
  /** Resolves with the manifest; that of a new cluster is written first. */
  manifest(): Promise<ClusterManifest>;
  /** The cluster lived here before. */
  readonly livedBefore: boolean;
  /** Every node had files of its own once. */
  readonly hasStarted: boolean;
  /** All nodes have made their files. */
  noteStarted(): Promise<void>;
  /** Directory of a node; `undefined` for an ephemeral cluster. */
  directoryOf(node: number): string | undefined;
  /** Lets other processes use the directory. */
  release(): void;
}

/** What a cluster wants of its data. */
export interface DataPlan {
  readonly name: string;
  readonly nodes: number;
  /** `undefined` = in memory. */
  readonly directory: string | undefined;
  readonly isFresh: boolean;
  readonly root: { readonly username: string; readonly password: string };
}

/**
 * Takes the data directory and reads its manifest, or begins to make one. The root user's password is
 * hashed here, once, because every node has to start from the same hash.
 * @throws CLUSTER_RUNNING, CLUSTER_LAYOUT_MISMATCH
 */
export function openClusterData(plan: DataPlan, hashing: PasswordHashing): ClusterData {
  const { directory, name, nodes } = plan;
  const release = directory === undefined ? () => undefined : lockDirectory(directory);
  try {
    if (directory !== undefined && plan.isFresh) purge(directory, nodes);
    const found = directory === undefined ? undefined : readManifest(directory);
    if (found !== undefined) checkManifest(found, { name, nodes });
    const manifest = found === undefined ? firstManifest(plan, hashing) : Promise.resolve(found);
    let hasStarted = found?.hasStarted === true;
    return {
      manifest: () => manifest,
      livedBefore: found !== undefined,
      get hasStarted() {
        return hasStarted;
      },
      async noteStarted() {
        if (directory === undefined || hasStarted) return;
        writeManifest(directory, { ...(await manifest), hasStarted: true });
        hasStarted = true;
      },
      directoryOf: (node) =>
        directory === undefined ? undefined : join(directory, nodeDirectory(node)),
      release,
    };
  } catch (error) {
    release();
    throw error;
  }
}

async function firstManifest(plan: DataPlan, hashing: PasswordHashing): Promise<ClusterManifest> {
  const { name, nodes, root } = plan;
  const passwordHash = await new Promise<string>((resolve) =>
    hashing.hash(new TextEncoder().encode(root.password), resolve),
  );
  const manifest = { name, nodes, root: { username: root.username, passwordHash } };
  if (plan.directory !== undefined) writeManifest(plan.directory, manifest);
  return manifest;
}

/** Removes what is ours, whatever its size was. */
function purge(directory: string, nodes: number): void {
  const found = readManifestQuietly(directory);
  const count = Math.max(nodes, found?.nodes ?? 0);
  for (let node = 0; node < count; node++) {
    rmSync(join(directory, nodeDirectory(node)), { recursive: true, force: true });
  }
  rmSync(join(directory, 'cluster.json'), { force: true });
}

function readManifestQuietly(directory: string): ClusterManifest | undefined {
  try {
    return readManifest(directory);
  } catch {
    return undefined;
  }
}

function nodeDirectory(node: number): string {
  return `node-${node}`;
}
