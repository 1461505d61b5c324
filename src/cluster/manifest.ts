import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { IggyctlError } from '../base/index.js';

/** What a data directory says about the cluster it belongs to. */
export interface ClusterManifest {
  readonly name: string;
  readonly nodes: number;
  readonly root: {
    readonly username: string;
    /** PHC string; every node must start from the same one. */
    readonly passwordHash: string;
  };
  /** All nodes have made their files: one without any has lost them. */
  readonly hasStarted?: boolean;
}

/** The data directory belongs to a cluster of another name or size, or its manifest is damaged. */
export class ManifestError extends IggyctlError<'CLUSTER_LAYOUT_MISMATCH'> {
  constructor(message: string, details: Readonly<Record<string, unknown>>) {
    super('CLUSTER_LAYOUT_MISMATCH', message, details);
  }
}

const fileName = 'cluster.json';

/** The manifest of a directory, `undefined` for a fresh one. @throws CLUSTER_LAYOUT_MISMATCH */
export function readManifest(directory: string): ClusterManifest | undefined {
  const path = join(directory, fileName);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  const manifest = parse(text);
  if (manifest !== undefined) return manifest;
  throw new ManifestError(`${path} is not the manifest of a cluster`, { path });
}

/** Writes the manifest atomically and durably, mode 0600. */
export function writeManifest(directory: string, manifest: ClusterManifest): void {
  const path = join(directory, fileName);
  const { name, nodes, root, hasStarted } = manifest;
  const { username, passwordHash: password_hash } = root;
  const started = hasStarted === true && { started: true };
  const value = { v: 1, name, nodes, root: { username, password_hash }, ...started };
  const text = JSON.stringify(value, undefined, 2);
  const file = openSync(`${path}.tmp`, 'w', 0o600);
  writeSync(file, `${text}\n`);
  fsyncSync(file);
  closeSync(file);
  renameSync(`${path}.tmp`, path);
  const parent = openSync(directory, 'r');
  fsyncSync(parent);
  closeSync(parent);
}

/** @throws CLUSTER_LAYOUT_MISMATCH */
export function checkManifest(
  manifest: ClusterManifest,
  wanted: { readonly name: string; readonly nodes: number },
): void {
  const { name, nodes } = manifest;
  if (name === wanted.name && nodes === wanted.nodes) return;
  throw new ManifestError(
    `the data belongs to the cluster ${name} of ${nodes} nodes, not to ${wanted.name} of ${wanted.nodes}`,
    { name, nodes, wanted },
  );
}

function parse(text: string): ClusterManifest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || !isRecord(value['root'])) return undefined;
  const { name, nodes, root } = value;
  const { username, password_hash: passwordHash } = root as Record<string, unknown>;
  if (typeof name !== 'string' || typeof nodes !== 'number') return undefined;
  if (typeof username !== 'string' || typeof passwordHash !== 'string') return undefined;
  const started = value['started'] === true && { hasStarted: true };
  return { name, nodes, root: { username, passwordHash }, ...started };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
