import {
  Command,
  commands,
  encode,
  Operation,
  replyView,
  requestView,
  xxh3,
} from '../../wire/index.js';
import type { CanonicalLog } from '../check/canonical-log.js';
import { judgeNumber, type RoughAsked } from '../check/number-rules.js';
import { rightPassword } from '../check/proof.js';
import type { Report } from '../check/verdict.js';
import { type Dice, domain } from '../random/draw.js';
import type { Recorder } from '../trace/recorder.js';
import type { ClientEnd, ClientHub, ClientLinkEvent } from './client-hub.js';

/** What a rough client needs of the world. */
export interface RoughWorld {
  readonly tick: number;
  readonly dice: Dice;
  readonly recorder: Recorder;
  readonly hub: ClientHub;
  readonly canonical: CanonicalLog;
}

interface Sent {
  readonly number: bigint;
  readonly session: bigint;
  readonly name: string;
  /** Where the entry of the client began that remembers it; 0 = not answered yet. */
  readonly origin: number;
}

/** Ticks after which an answer is not waited for any longer. */
const patience = 600;
/** Indices of rough clients begin here, clear of those of ordinary ones. */
const firstRough = 200;
const { put } = requestView;

/**
 * A client that speaks frames by hand and does what no library would: jumps in its request numbers,
 * repeats old ones, reuses them for something else, logs in twice, speaks for sessions that were
 * taken over, tries wrong passwords, falls silent, leaves.
 */
export class RoughClient implements ClientEnd {
  readonly index: number;
  readonly #world: RoughWorld;
  readonly #nodes: number;
  readonly #names: number;
  readonly #report: Report;
  #identity: bigint;
  #link = 0;
  #isOpen = false;
  #session = 0n;
  #number = 0n;
  /** Numbers that were answered, newest last. */
  #answered: Sent[] = [];
  /** An older connection, whose session a later login took over. */
  #ghost = 0;
  #isRoot = true;
  /** Answers to logins that are still to come. */
  #logins = 0;
  #asked: (RoughAsked & { readonly sent: Sent }) | undefined;
  /** Where the entry of the client began when it asked last. */
  #askedOrigin = 0;
  #deadline = 0;
  #restsUntil = 0;
  #draws = 0;
  #lives = 0;

  constructor(options: {
    readonly number: number;
    readonly world: RoughWorld;
    readonly nodes: number;
    readonly names: number;
    readonly report: Report;
  }) {
    this.index = firstRough + options.number;
    this.#world = options.world;
    this.#nodes = options.nodes;
    this.#names = options.names;
    this.#report = options.report;
    this.#identity = this.#newIdentity();
  }

  /** Time goes by. */
  act(mayAsk: boolean): void {
    const { tick, hub } = this.#world;
    if (!mayAsk) {
      if (this.#link > 0) this.#leave();
      return;
    }
    if (this.#deadline > 0 && tick >= this.#deadline) this.#leave();
    if (tick < this.#restsUntil || this.#deadline > 0) return;
    if (this.#isOpen) {
      this.#doSomething();
      return;
    }
    this.#lives += 1;
    this.#link = this.#lives;
    this.#deadline = tick + patience;
    hub.dial(this, this.#link, this.#below(this.#nodes));
  }

  receive(event: ClientLinkEvent): void {
    if (event.link === this.#ghost) this.#ghostHears(event);
    if (event.link !== this.#link) return;
    this.#world.recorder.client('connection', this.index, event.kind);
    switch (event.kind) {
      case 'opened':
        this.#isOpen = true;
        this.#deadline = 0;
        break;
      case 'data':
        this.#answer(event.bytes);
        break;
      default:
        this.#forgetLink();
    }
  }

  #doSomething(): void {
    if (this.#session === 0n) {
      this.#login();
      return;
    }
    const draw = this.#below(100);
    const old = this.#answered[this.#below(Math.max(1, this.#answered.length))];
    if (draw < 40) this.#request('fresh', this.#number + 1n);
    else if (draw < 55) this.#request('fresh', this.#number + 2n + BigInt(this.#below(1_000_000)));
    else if (draw < 70 && old !== undefined) this.#request('repeat', old.number, old.name);
    else if (draw < 80 && old !== undefined) this.#request('reuse', old.number);
    else if (draw < 88) this.#takeOver(old);
    else if (draw < 93) this.#login(2);
    else if (draw < 95) this.#logout();
    else if (draw < 97) this.#leave();
    else this.#rest(2000);
  }

  /** Mostly as root; now and then with a wrong password, or as somebody else. */
  #login(copies = 1): void {
    const draw = this.#below(12);
    const isWrong = draw === 0;
    this.#isRoot = draw !== 1;
    const username = this.#isRoot ? 'iggy' : `user${this.#below(this.#names)}`;
    const body = encode(commands.login_register.request, {
      protocol_version: 11_264,
      sdk_name: 'rough',
      sdk_version: '0',
      context: null,
      username,
      password: isWrong ? 'wrong' : rightPassword,
    });
    this.#session = 0n;
    this.#logins = copies;
    const sent = { number: 0n, session: 0n, name: '', origin: 0 };
    this.#asked = { kind: isWrong ? 'wrong-login' : 'login', sent };
    this.#deadline = this.#world.tick + patience;
    const frame = this.#frame(Operation.Register, 0n, 0n, body);
    for (let i = 0; i < copies; i++) this.#send(frame);
  }

  #logout(): void {
    const frame = this.#frame(Operation.Logout, this.#session, 0n, new Uint8Array(0));
    this.#session = 0n;
    this.#send(frame);
    this.#rest(20);
  }

  #request(kind: RoughAsked['kind'], number: bigint, name = `s${this.#below(this.#names)}`): void {
    const session = this.#session;
    const body = encode(commands.create_stream.request, { name, options: [] });
    const isSame = this.#answered.some((sent) => sent.number === number && sent.name === name);
    // The same bytes under the same number are a repeat, whatever was meant.
    const meant = kind === 'reuse' && isSame ? 'repeat' : kind;
    const { origin = 0 } = this.#answered.find((sent) => sent.number === number) ?? {};
    this.#asked = { kind: meant, sent: { number, session, name, origin } };
    this.#askedOrigin = this.#origin;
    this.#deadline = this.#world.tick + patience;
    if (number > this.#number) this.#number = number;
    this.#send(this.#frame(Operation.CreateStream, session, number, body));
  }

  /**
   * Keeps the connection, and logs in through another one; from then on this one belongs to a
   * session that is over. The next time, it speaks.
   */
  #takeOver(old: Sent | undefined): void {
    if (this.#ghost === 0) {
      this.#ghost = this.#link;
      this.#forgetLink();
      return;
    }
    this.#world.recorder.mark('zombie speaks');
    const number = old?.number ?? this.#number + 1n;
    const name = old?.name ?? 's0';
    const body = encode(commands.create_stream.request, { name, options: [] });
    const frame = this.#frame(Operation.CreateStream, this.#session, number, body);
    this.#world.hub.send(this.index, this.#ghost, frame);
    this.#rest(50);
  }

  #ghostHears(event: ClientLinkEvent): void {
    if (event.kind === 'closed') this.#ghost = 0;
    if (event.kind !== 'data') return;
    const { broken, marks } = judgeNumber({ kind: 'zombie' }, event.bytes);
    for (const mark of marks) this.#world.recorder.mark(mark);
    if (broken !== undefined) this.#report({ class: 'C', ...broken });
  }

  #frame(operation: number, session: bigint, number: bigint, body: Uint8Array): Uint8Array {
    const frame = new Uint8Array(256 + body.length);
    frame.set(body, 256);
    put.size(frame, frame.length);
    put.command(frame, Command.Request);
    put.client(frame, this.#identity);
    put.requestChecksum(frame, operation === Operation.CreateStream ? xxh3(body) : 0n);
    put.request(frame, number);
    put.operation(frame, operation);
    put.session(frame, session);
    return frame;
  }

  #answer(frame: Uint8Array): void {
    const asked = this.#asked;
    const command = frame[60];
    if (asked === undefined || (command !== Command.Reply && command !== Command.Eviction)) return;
    const isLogin = asked.kind === 'login' || asked.kind === 'wrong-login';
    if (command === Command.Reply) {
      const isMine = (replyView.operation(frame) === Operation.Register) === isLogin;
      if (!isMine || (!isLogin && replyView.request(frame) !== asked.sent.number)) return;
    }
    if (isLogin) this.#logins -= 1;
    if (this.#logins <= 0 || command === Command.Eviction) {
      this.#asked = undefined;
      this.#deadline = 0;
      this.#logins = 0;
      this.#rest(20);
    }
    const verdict = judgeNumber(asked, frame);
    for (const mark of verdict.marks) this.#world.recorder.mark(mark);
    const { origin } = asked.sent;
    const isForgotten = origin > 0 && origin !== this.#origin;
    if (verdict.broken !== undefined && !isForgotten) {
      const { invariant, detail } = verdict.broken;
      const whose = `client ${this.#identity}, request ${asked.sent.number}`;
      this.#report({ class: 'C', invariant, detail: `${whose}: ${detail}` });
    }
    if (command === Command.Eviction) this.#evicted(asked.kind);
    else if (isLogin && verdict.isOk) this.#loggedIn(frame);
    else if (isLogin) this.#rest(50);
    else if (verdict.isFinal) this.#remember(asked.sent);
  }

  /** Another user than root may do nothing but be there. */
  #loggedIn(frame: Uint8Array): void {
    if (this.#isRoot) this.#session = BigInt(replyView.op(frame));
    else if (this.#logins === 0) this.#leave();
  }

  /** What was executed, unless the session ended before its answer came: then nobody knows it. */
  #remember(sent: Sent): void {
    const origin = this.#origin;
    if (origin === 0 || origin !== this.#askedOrigin) return;
    if (this.#answered.some(({ number }) => number === sent.number)) return;
    this.#answered.push({ ...sent, origin });
    if (this.#answered.length > 8) this.#answered.shift();
  }

  /** A session that is gone may come back with the same identity, or another client may. */
  #evicted(kind: RoughAsked['kind']): void {
    this.#leave();
    if (kind === 'login' && this.#below(2) === 0) this.#identity = this.#newIdentity();
  }

  #send(frame: Uint8Array): void {
    this.#world.recorder.client('request', this.index, 'rough', frame);
    this.#world.hub.send(this.index, this.#link, frame);
  }

  #leave(): void {
    this.#world.hub.hangUp(this.index, this.#link);
    this.#forgetLink();
  }

  /** The server ends a session whose connection is gone; the client knows it as old. */
  #forgetLink(): void {
    this.#link = 0;
    this.#isOpen = false;
    this.#asked = undefined;
    this.#deadline = 0;
    this.#session = 0n;
    this.#logins = 0;
    this.#rest(10);
  }

  #rest(ticks: number): void {
    this.#restsUntil = this.#world.tick + 1 + this.#below(Math.max(1, ticks));
  }

  get #origin(): number {
    return this.#world.canonical.sessions.originOf(this.#identity);
  }

  #newIdentity(): bigint {
    if (this.#ghost > 0) this.#world.hub.hangUp(this.index, this.#ghost);
    this.#ghost = 0;
    this.#answered = [];
    this.#number = 0n;
    return (BigInt(this.index + 1000 * (1 + this.#lives)) << 64n) | 0x0bedn;
  }

  #below(n: number): number {
    this.#draws += 1;
    return this.#world.dice.below(n, domain.rough, this.index, this.#draws);
  }
}
