import { getU32 } from '../../base/index.js';
import type { ReplicaEffect } from '../../consensus/index.js';
import { headerSize, xxh3Low } from '../../wire/index.js';

/** Effects by number; a trace says nothing of its own. */
const kinds: Readonly<Record<ReplicaEffect['kind'], number>> = {
  send: 1,
  'journal-append': 2,
  'journal-rewrite': 3,
  'superblock-write': 4,
  'snapshot-write': 5,
  outcome: 6,
  'read-outcome': 7,
  'frontier-durable': 8,
  rejoined: 9,
  halt: 10,
  trace: 0,
};

/** A rolling hash over everything a replica asks for, and over what its machine appends to files. */
export class EffectHash {
  #low = 0x1234_5678;
  #high = 0x0abc_def0;

  /** 64 bits. */
  get value(): bigint {
    return (BigInt(this.#high >>> 0) << 32n) | BigInt(this.#low >>> 0);
  }

  add(effects: readonly ReplicaEffect[]): void {
    for (const effect of effects) this.#effect(effect);
  }

  /** Bytes that were appended to a file. */
  appended(chunks: readonly Uint8Array[]): void {
    for (const chunk of chunks) this.#mix(11, chunk.length, xxh3Low(chunk, 0, chunk.length));
  }

  #effect(effect: ReplicaEffect): void {
    const kind = kinds[effect.kind];
    switch (effect.kind) {
      case 'send':
        this.#mix(kind, effect.to, headDigest(effect.frame));
        break;
      case 'journal-append':
      case 'journal-rewrite':
        this.#mix(kind, effect.write, effect.entries.length);
        for (const entry of effect.entries) this.#mix(kind, entry.length, headDigest(entry));
        break;
      case 'superblock-write': {
        const { view, logView, commitMax, checkpointOp, viewHeaders } = effect.record;
        this.#mix(kind, effect.write, view);
        this.#mix(logView, commitMax, checkpointOp);
        this.#mix(kind, effect.record.offsetFrontier, viewHeaders.length);
        break;
      }
      case 'snapshot-write':
        this.#mix(kind, effect.write, xxh3Low(effect.bytes, 0, effect.bytes.length));
        break;
      case 'outcome':
        this.#outcome(kind, effect.token, effect.outcome);
        break;
      case 'read-outcome':
        this.#mix(kind, effect.token, effect.code);
        break;
      case 'frontier-durable':
        this.#mix(kind, effect.token, 0);
        break;
      case 'rejoined':
        this.#mix(kind, 0, 0);
        break;
      case 'halt':
        this.#mix(kind, effect.reason.length, effect.detail.length);
        break;
      case 'trace':
        break;
    }
  }

  #outcome(
    kind: number,
    token: number,
    outcome: Extract<ReplicaEffect, { kind: 'outcome' }>['outcome'],
  ): void {
    this.#mix(kind, token, outcome.kind.length);
    if (outcome.kind === 'committed' || outcome.kind === 'duplicate') {
      this.#mix(kind, outcome.reply.length, xxh3Low(outcome.reply, 0, outcome.reply.length));
    } else if (outcome.kind === 'registered') {
      this.#mix(kind, outcome.session, Number(outcome.watermark & 0xffff_ffffn));
    } else if (outcome.kind === 'refused') this.#mix(kind, outcome.code, 0);
  }

  #mix(kind: number, subject: number, digest: number): void {
    let low = Math.imul(this.#low ^ subject, 0x85eb_ca6b);
    low = Math.imul((low ^ (low >>> 15)) + kind, 0xc2b2_ae35);
    this.#low = low ^ (low >>> 13) ^ digest;
    const high = Math.imul(this.#high + digest, 0x27d4_eb2f) ^ this.#low;
    this.#high = (high << 7) | (high >>> 25);
  }
}

/** Of a frame's header, which names the checksum of its body. */
function headDigest(frame: Uint8Array): number {
  const end = Math.min(headerSize, frame.length);
  return end < 8 ? end : xxh3Low(frame, 0, end) ^ getU32(frame, 0);
}
