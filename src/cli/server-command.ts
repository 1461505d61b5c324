import type { Command } from '@oclif/core';
import { isIggyctlError } from '../base/index.js';
import type { FrameEvent, IggyClient, RawReply } from '../client/index.js';
import type { CommandKey, RequestOf, ResponseOf } from '../wire/index.js';
import { BaseCommand } from './base-command.js';
import { CliError, usageError } from './cli-error.js';
import { confirmed } from './connect/ask.js';
import { clientOptions, timeoutOf } from './connect/client-options.js';
import { EarlyCloses, ofStoppedCluster } from './connect/closed-early.js';
import {
  type CredentialFlags,
  type FoundCredentials,
  findCredentials,
  noCredentials,
} from './connect/credentials.js';
import { Prompt } from './connect/prompt.js';

/** A reply with what the header said about it. */
export interface Answer<T> {
  readonly value: T;
  readonly raw: RawReply;
}

/** How a client is opened. */
export interface OpenOptions {
  /** False = without logging in. */
  readonly login?: boolean;
  /** Instead of those that the flags and settings give. */
  readonly credentials?: FoundCredentials | undefined;
  /** False = a stored login does not count. */
  readonly useStored?: boolean | undefined;
  readonly clientId?: bigint | undefined;
  /** Instead of those of the settings. */
  readonly servers?: readonly string[];
  readonly followLeader?: boolean;
  /** True = standard input belongs to the data. */
  readonly stdinIsTaken?: boolean;
  /** Pause between pings, for sessions that are kept open. */
  readonly heartbeatMillis?: number;
  /** Sees every frame, those of the login included. */
  readonly onFrame?: (event: FrameEvent) => void;
}

/**
 * A command that talks to a server. Its client is opened at the first use and logged out at the
 * end, so that short commands leave no entry in the client table.
 */
export abstract class ServerCommand<
  T extends typeof Command = typeof Command,
> extends BaseCommand<T> {
  #client: Promise<IggyClient> | undefined;
  #credentials: FoundCredentials | undefined;
  #isConfirmed = false;

  /** Asks questions, where that is possible. */
  protected get prompt(): Prompt {
    return new Prompt({ noInput: this.flags['no-input'] === true, env: process.env });
  }

  /** The flags that login credentials are taken from. */
  protected get loginFlags(): CredentialFlags {
    return this.flags;
  }

  /** True when standard input carries something else than credentials. */
  protected get stdinIsTaken(): boolean {
    return false;
  }

  /** The client of this command, connected and logged in. */
  protected client(options: OpenOptions = {}): Promise<IggyClient> {
    this.#client ??= this.openClient(options);
    return this.#client;
  }

  /** Where the credentials of the client came from. */
  protected get credentials(): FoundCredentials | undefined {
    return this.#credentials;
  }

  /** Opens one more client; it is closed at the end of the command. */
  protected async openClient(options: OpenOptions = {}): Promise<IggyClient> {
    const { settings } = this;
    const credentials = options.login === false ? undefined : await this.#find(options);
    const choice = {
      credentials,
      retries: this.flags['retries'],
      clientId: options.clientId,
      followLeader: options.followLeader,
      heartbeatMillis: options.heartbeatMillis,
      servers: options.servers ?? (await this.#nodeByNumber()),
    };
    const { IggyClient } = await import('../client/index.js');
    const client = new IggyClient(clientOptions(settings, choice));
    if (options.onFrame !== undefined) client.on('frame', options.onFrame);
    await this.#watchFrames(client);
    this.onEnd(async () => {
      await client.close({ timeoutMillis: Math.min(2000, timeoutOf(settings)) });
    });
    client.on('warning', ({ message }) => this.warning(message));
    client.on('retrying', ({ reason }) => this.detail(`retrying: ${reason}`));
    client.on('redirected', ({ from, to }) => this.detail(`following the leader ${from} -> ${to}`));
    const closes = new EarlyCloses();
    const done = closes.watch(client);
    try {
      await client.connect({ signal: this.signal });
    } catch (error) {
      throw ofStoppedCluster(closes.explain(error), settings);
    } finally {
      done();
    }
    return client;
  }

  /** Sends a command and gives its typed reply. */
  protected async call<N extends CommandKey>(
    name: N,
    request: RequestOf<N>,
  ): Promise<ResponseOf<N>> {
    return await (await this.client()).call(name, request, { signal: this.signal });
  }

  /**
   * Sends a mutation, or shows it with `--dry-run`, which ends the command. Contexts that want
   * confirmation are asked first.
   */
  protected async mutate<N extends CommandKey>(
    name: N,
    request: RequestOf<N>,
  ): Promise<Answer<ResponseOf<N>>> {
    const { commands, encode, decode } = await import('../wire/index.js');
    const spec = commands[name];
    const body = sayable(spec.dispatchName, () => encode(spec.request as never, request as never));
    const flags: Readonly<Record<string, unknown>> = this.flags;
    if (flags['dry-run'] === true) {
      const { requestFrameOf, showFrames } = await import('./connect/dry-run.js');
      const { format } = this.out.options;
      await showFrames([requestFrameOf({ code: spec.code, body })], {
        format,
        color: this.flags['color'],
      });
      throw new DryRunEnd();
    }
    if (this.settings.context['confirm'] === true && !this.#isConfirmed) {
      await this.confirm(`${spec.dispatchName} in the context ${this.settings.contextName.value}?`);
    }
    const client = await this.client();
    const raw = await client.request(spec.code, body, { signal: this.signal });
    if (raw.alreadyApplied) this.warning('it had been applied before, and its reply is gone');
    const value = decode(spec.response as never, raw.payload, { allowTrailing: true });
    return { value: value as ResponseOf<N>, raw };
  }

  /**
   * Asks before something is lost.
   *
   * @param again - asks although there was a question already
   * @throws CliError E_NEEDS_CONFIRMATION when it is not allowed
   */
  protected async confirm(question: string, again = false): Promise<void> {
    if (this.flags['yes'] === true || this.isDryRun) return;
    if (this.#isConfirmed && !again) return;
    await confirmed(this.prompt, question);
    this.#isConfirmed = true;
  }

  /** True when nothing may be sent. */
  protected get isDryRun(): boolean {
    const flags: Readonly<Record<string, unknown>> = this.flags;
    return flags['dry-run'] === true;
  }

  protected override async catch(error: Error): Promise<void> {
    if (error instanceof DryRunEnd) return;
    await super.catch(error);
  }

  /** What the client would log in with. @throws CliError E_NO_CREDENTIALS */
  protected credentialsFor(options: { readonly useStored: boolean }): Promise<FoundCredentials> {
    return this.#find(options);
  }

  async #find(options: OpenOptions): Promise<FoundCredentials> {
    const stdinIsTaken = options.stdinIsTaken ?? this.stdinIsTaken;
    const { useStored = true } = options;
    const { settings, prompt, loginFlags: flags } = this;
    const found =
      options.credentials ??
      (await findCredentials({ flags, settings, prompt, useStored, stdinIsTaken }));
    if (found === undefined) {
      throw noCredentials(settings, 'iggyctl login');
    }
    this.#credentials = found;
    this.detail(`credentials: ${found.origin}`);
    return found;
  }

  /** `--node N`: the address of that node, from the seeds or from cluster metadata. */
  async #nodeByNumber(): Promise<readonly string[] | undefined> {
    const { node } = this.settings;
    if (node === undefined || node.includes(':')) return undefined;
    if (!/^\d+$/.test(node))
      throw usageError(`--node: "${node}" is neither a number nor host:port`);
    const server = this.settings.servers[Number(node)];
    if (server !== undefined && this.settings.servers.length > 1) return [server];
    const { IggyClient } = await import('../client/index.js');
    const credentials = await this.#find({});
    const probe = new IggyClient(
      clientOptions(this.settings, {
        ...{ credentials, retries: this.flags['retries'], followLeader: false },
        servers: this.settings.servers,
      }),
    );
    try {
      await probe.connect({ signal: this.signal });
      const { nodes } = await probe.system.clusterMetadata();
      const found = nodes[Number(node)];
      if (found !== undefined) return [`${found.ip}:${found.tcp}`];
      throw new CliError(
        'E_NOT_FOUND',
        `there is no node ${node}; the cluster has ${nodes.length}`,
      );
    } finally {
      await probe.close();
    }
  }

  async #watchFrames(client: IggyClient): Promise<void> {
    const path = this.flags['trace'];
    if (this.verbosity < 2 && path === undefined) return;
    const { frameLine } = await import('./connect/frames.js');
    const trace = path === undefined ? undefined : await openTrace(path);
    client.on('frame', (event) => {
      if (this.verbosity >= 2) process.stderr.write(`${frameLine(event)}\n`);
      trace?.write(event);
    });
    if (trace !== undefined) this.onEnd(() => trace.close());
  }
}

/** Ends a command after `--dry-run` has shown the request. */
class DryRunEnd extends CliError {
  constructor() {
    super('E_FAILED', 'nothing was sent');
  }
}

/** The file of `--trace`. @throws CliError E_IO */
async function openTrace(path: string) {
  return new (await import('./capture/frame-trace.js')).FrameTrace(path);
}

/** A value that the protocol cannot say was typed by somebody. @throws CliError E_USAGE */
function sayable<T>(command: string, encodeIt: () => T): T {
  try {
    return encodeIt();
  } catch (error) {
    if (!isIggyctlError(error) || !error.code.startsWith('WIRE_')) throw error;
    throw usageError(`${command}: ${error.message}`);
  }
}
