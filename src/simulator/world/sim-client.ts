import {
  type CallOutcome,
  ClientSession,
  defaultSessionOptions,
  type SessionEffect,
  type SessionEvent,
} from '../../session/index.js';
import { commands, decode, encode, replyView } from '../../wire/index.js';
import type { CallRecord } from '../check/linearizability.js';
import type { PartitionJudge } from '../check/partition-judge.js';
import type { DataPlan } from '../plan/data-plan.js';
import type { WorkloadPlan } from '../plan/plan.js';
import { requestKinds } from '../plan/plan.js';
import { type Dice, domain } from '../random/draw.js';
import type { Recorder } from '../trace/recorder.js';
import type { ClientEnd, ClientHub, ClientLinkEvent } from './client-hub.js';
import { type DataCall, PartitionUser } from './partition-user.js';

/** What a client needs of the world. */
export interface ClientWorld {
  readonly tick: number;
  readonly dice: Dice;
  readonly recorder: Recorder;
  readonly hub: ClientHub;
  /** Highest op committed anywhere. */
  readonly head: number;
  readonly partitions: PartitionJudge;
}

/** A request that is under way. */
interface Open {
  readonly call: number;
  readonly kind: string;
  readonly calledAt: number;
  /** Set for requests about partitions. */
  readonly data?: DataCall;
}

/** Not now, not here, not enough. */
const transientCodes: ReadonlySet<number> = new Set([20, 57, 58]);

const emptyList = encode(commands.get_streams.request, {});

/** A user of the cluster: a real client session that makes one request after the other. */
export class SimClient implements ClientEnd {
  readonly index: number;
  readonly session: ClientSession;
  readonly records: CallRecord[] = [];
  answered = 0;
  /** Answers that say what became of a request, not that it should be made again. */
  worked = 0;
  asked = 0;
  failed = 0;
  isRetired = false;
  readonly #world: ClientWorld;
  readonly #plan: WorkloadPlan;
  #open: Open | undefined;
  #calls = 0;
  /** The newest call of which nothing is known: bytes about it changed on the way. */
  #blurred = 0;
  #restsUntil = 0;
  readonly #hosts: number;
  readonly #data: PartitionUser | undefined;

  constructor(options: {
    readonly index: number;
    readonly identity: bigint;
    readonly world: ClientWorld;
    readonly plan: WorkloadPlan;
    readonly nodes: number;
    readonly data?: DataPlan | undefined;
  }) {
    const { index, world, plan } = options;
    this.index = index;
    this.#world = world;
    this.#plan = plan;
    this.#hosts = options.nodes;
    const { data } = options;
    if (data !== undefined) this.#data = new PartitionUser(index, data, world.dice);
    let drawn = 0;
    const word = () => {
      drawn += 1;
      return world.dice.u32(domain.sessionEntropy, index, drawn);
    };
    this.session = new ClientSession(
      {
        ...defaultSessionOptions,
        seeds: this.#seeds(),
        followLeader: !this.#isLoyal,
        autoLogin: { kind: 'password', username: 'iggy', password: 'secret' },
        clientId: options.identity,
        requestTimeoutMillis: plan.timeoutMillis,
        dialTimeoutMillis: 1000,
        reconnect: {
          enabled: true,
          maxRetries: undefined,
          intervalMillis: 200,
          reestablishAfterMillis: 200,
        },
      },
      { u128: () => (BigInt(word()) << 64n) | BigInt(word() | 1), unit: () => word() / 2 ** 32 },
    );
  }

  /** It waits for a linearizable read. */
  get isReading(): boolean {
    return this.#open?.kind === 'linearizable-read';
  }

  get isWaiting(): boolean {
    return this.#open !== undefined;
  }

  /** Time goes by: timers of the session, and the next request when nothing is under way. */
  act(mayAsk: boolean): void {
    const { tick } = this.#world;
    if (this.session.wakeAt <= tick * 10) this.#step({ kind: 'tick', now: 10 * tick });
    if (this.isRetired || !mayAsk || this.#open !== undefined || tick < this.#restsUntil) return;
    this.#ask();
  }

  /** Makes exactly this request, whatever it was going to do. */
  demand(kind: (typeof requestKinds)[number]): void {
    this.#request(kind);
  }

  receive(event: ClientLinkEvent): void {
    const { tick, recorder } = this.#world;
    recorder.client('connection', this.index, event.kind);
    if (event.kind === 'data') {
      this.#step({ kind: 'data', now: 10 * tick, link: event.link, bytes: event.bytes });
    } else this.#step({ ...event, now: 10 * tick });
  }

  damaged(toNode: boolean): void {
    this.#blurred = this.#open?.call ?? this.#blurred;
    if (toNode) this.#world.partitions.unsure(this.index);
  }

  #ask(): void {
    if (this.index < this.#plan.readers) {
      this.#request('linearizable-read');
      return;
    }
    if (this.#data?.wants(this.#calls + 1) === true) {
      this.#requestData(this.#data);
      return;
    }
    const { weights } = this.#plan;
    const { dice } = this.#world;
    let total = 0;
    for (const weight of weights) total += weight;
    let draw = dice.below(Math.max(1, total), domain.client, this.index, this.#calls, 1);
    for (const [i, kind] of requestKinds.entries()) {
      draw -= weights[i] ?? 0;
      if (draw >= 0) continue;
      this.#request(kind);
      return;
    }
    this.#request('create-stream');
  }

  #request(kind: (typeof requestKinds)[number]): void {
    const { tick, recorder } = this.#world;
    this.#calls += 1;
    const call = this.#calls;
    if (kind === 'disconnect') {
      this.#rest();
      this.#step({ kind: 'disconnect', now: 10 * tick });
      return;
    }
    this.#open = { call, kind, calledAt: tick };
    this.asked += 1;
    recorder.client('call', this.index, kind);
    if (kind === 'logout') {
      this.#step({ kind: 'logout', now: 10 * tick, call });
      return;
    }
    this.#logIn(call);
    const { code, body } = this.#body(kind);
    const now = 10 * tick;
    if (kind === 'linearizable-read') {
      this.#step({ kind: 'call', now, call, code, body, consistency: 'linearizable' });
    } else this.#step({ kind: 'call', now, call, code, body });
  }

  #requestData(user: PartitionUser): void {
    const { tick, recorder, partitions } = this.#world;
    this.#calls += 1;
    const call = this.#calls;
    const data = user.next(call);
    const { kind, code, body } = data;
    this.#open = { call, kind, calledAt: tick, data };
    this.asked += 1;
    recorder.client('call', this.index, kind, body);
    partitions.called(this.index, call, data);
    this.#logIn(call);
    this.#step({ kind: 'call', now: 10 * tick, call, code, body });
  }

  /** Connects or logs in first, where that is needed. */
  #logIn(call: number): void {
    const { tick } = this.#world;
    const { state } = this.session;
    if (state === 'disconnected') {
      if (this.session.status.session !== undefined) return;
      this.#step({ kind: 'connect', now: 10 * tick, call: -call });
    } else if (state === 'connected') {
      const credentials = { kind: 'password', username: 'iggy', password: 'secret' } as const;
      this.#step({ kind: 'login', now: 10 * tick, call: -call, credentials });
    }
  }

  #body(kind: string): { readonly code: number; readonly body: Uint8Array } {
    const stream = this.#name('s', 2);
    const other = this.#name('s', 3);
    const topic = this.#fewNames('t', 4);
    const user = this.#name('user', 5);
    const made = <T>(
      command: { code: number; request: Parameters<typeof encode<T>>[0] },
      value: T,
    ) => ({
      code: command.code,
      body: encode(command.request, value),
    });
    switch (kind) {
      case 'create-stream':
        return made(commands.create_stream, { name: stream, options: [] });
      case 'update-stream':
        return made(commands.update_stream, { stream_id: stream, name: other, options: [] });
      case 'delete-stream':
        return made(commands.delete_stream, { stream_id: stream });
      case 'purge-stream':
        return made(commands.purge_stream, { stream_id: stream });
      case 'create-topic':
        return made(commands.create_topic, {
          stream_id: this.#fewNames('s', 7),
          name: topic,
          partitions_count: 1,
          options: [],
        });
      case 'delete-topic':
        return made(commands.delete_topic, {
          stream_id: this.#fewNames('s', 7),
          topic_id: topic,
        });
      case 'create-user':
        return made(commands.create_user, {
          username: user,
          password: 'secret',
          status: 1,
          permissions: null,
          options: [],
        });
      case 'delete-user':
        return made(commands.delete_user, { user_id: user });
      default:
        return { code: commands.get_streams.code, body: emptyList };
    }
  }

  #name(prefix: string, salt: number): string {
    const { dice } = this.#world;
    return `${prefix}${dice.below(this.#plan.names, domain.client, this.index, this.#calls, salt)}`;
  }

  /** Every partition is a group with timers and frames of its own: only a few at a time. */
  #fewNames(prefix: string, salt: number): string {
    const { dice } = this.#world;
    return `${prefix}${dice.below(2, domain.client, this.index, this.#calls, salt)}`;
  }

  #step(event: SessionEvent): void {
    for (const effect of this.session.step(event)) this.#perform(effect);
  }

  #perform(effect: SessionEffect): void {
    const { hub, recorder } = this.#world;
    switch (effect.kind) {
      case 'dial':
        this.#world.partitions.dialled(this.index);
        hub.dial(this, effect.link, nodeOf(effect.endpoint.host));
        break;
      case 'hang-up':
        hub.hangUp(this.index, effect.link);
        break;
      case 'send':
        recorder.client('request', this.index, 'frame', effect.frame);
        this.#world.partitions.requested(this.index, this.#open?.call ?? 0, effect.frame);
        hub.send(this.index, effect.link, effect.frame);
        break;
      case 'settle':
        this.#settled(effect.call, effect.outcome);
        break;
      case 'notice':
        if (effect.notice.kind === 'signed-in' && effect.notice.resumed) {
          recorder.mark('session resumed');
        }
        break;
      case 'received':
        break;
    }
  }

  #settled(call: number, outcome: CallOutcome): void {
    const open = this.#open;
    if (open === undefined || open.call !== call) return;
    this.#open = undefined;
    this.#rest();
    const isBlurred = call === this.#blurred;
    if (isBlurred) this.#world.recorder.mark(`damaged call ${outcome.ok ? 'ok' : 'failed'}`);
    else if (open.data !== undefined) this.#settledData(open.call, open.data, outcome);
    const { tick, recorder, head } = this.#world;
    const how = outcome.ok ? 'ok' : outcome.failure.kind;
    recorder.client('return', this.index, `${open.kind} ${how}`);
    if (!outcome.ok && outcome.failure.kind !== 'server') {
      this.failed += 1;
      recorder.mark(`call ${how}`);
      return;
    }
    this.answered += 1;
    if (outcome.ok || !transientCodes.has(outcome.failure.code)) this.worked += 1;
    if (!outcome.ok || outcome.kind !== 'reply' || isBlurred) return;
    const { frame, payload, alreadyApplied } = outcome.reply;
    if (frame !== undefined && this.#isStrange(frame)) return;
    if (alreadyApplied) recorder.mark('already applied');
    // Replies of partitions carry ops of their own groups.
    if (open.data !== undefined && open.kind !== 'ensure') return;
    const isRead = open.kind === 'read' || open.kind === 'linearizable-read';
    this.records.push({
      client: this.index,
      kind: open.kind,
      calledAt: open.calledAt,
      returnedAt: tick,
      op: isRead || frame === undefined || alreadyApplied ? 0 : Number(replyView.op(frame)),
      headAtReturn: head,
      ...(isRead && { streams: streamsIn(payload) }),
    });
  }

  /** It answers what damage made of another request. */
  #isStrange(frame: Uint8Array): boolean {
    const { damage } = this.#world.hub;
    return damage?.isStrange(replyView.client(frame), replyView.request(frame)) === true;
  }

  #settledData(call: number, data: DataCall, outcome: CallOutcome): void {
    const { partitions, recorder } = this.#world;
    const confirmation = this.#data?.settled(data, outcome);
    if (confirmation !== undefined) partitions.confirmed(this.index, call, confirmation);
    if (outcome.ok) recorder.mark(`data ${data.kind}`);
    else if (outcome.failure.kind === 'server') {
      recorder.mark(`data ${data.kind} refused ${outcome.failure.code}`);
      if (data.batch !== undefined) {
        partitions.history.refused(this.index, call, outcome.failure.code);
      }
    }
  }

  #rest(): void {
    const { think } = this.#plan;
    const pause = this.#world.dice.exponential(think, domain.client, this.index, this.#calls, 6);
    this.#restsUntil = this.#world.tick + pause;
  }

  /** It reads, and stays with its node whoever leads. */
  get #isLoyal(): boolean {
    return this.index < (this.#plan.loyal ?? 0);
  }

  /** All nodes, beginning with another one for every client; a loyal one knows its own only. */
  #seeds() {
    if (this.#isLoyal) return [{ host: hostOf(this.index % this.#hosts), port: 8090 }];
    return Array.from({ length: this.#hosts }, (_, i) => ({
      host: hostOf((i + this.index) % this.#hosts),
      port: 8090,
    }));
  }
}

/** Address of a simulated node. */
export function hostOf(node: number): string {
  return `10.0.0.${node + 1}`;
}

function nodeOf(host: string): number {
  return Number(host.slice('10.0.0.'.length)) - 1;
}

function streamsIn(payload: Uint8Array): string {
  const { streams } = decode(commands.get_streams.response, payload);
  return streams.map(({ id, name }) => `${id}=${name}`).join(',');
}
