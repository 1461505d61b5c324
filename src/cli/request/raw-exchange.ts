import type { Settings } from '../config/settings.js';
import type { RawAnswer } from '../session/raw-answer.js';
import type { RawLink } from '../session/raw-link.js';

/** How long answers are waited for. */
export interface WaitRules {
  /** Frames that end the wait. */
  readonly frames: number;
  readonly millis: number;
}

/** Sends bytes and gathers what comes, until there is enough, silence, or the end. */
export async function exchangeRaw(
  link: RawLink,
  bytes: Uint8Array,
  { frames, millis }: WaitRules,
): Promise<readonly RawAnswer[]> {
  link.send(bytes);
  const end = performance.now() + millis;
  const answers: RawAnswer[] = [];
  while (answers.filter(({ frame }) => frame !== undefined).length < frames) {
    const left = end - performance.now();
    const answer = await link.next(Math.max(1, left));
    answers.push(answer);
    if (answer.frame === undefined) break;
  }
  return answers;
}

/** The first server that answers a dial is enough for single frames. */
export function firstServer(settings: Settings): string {
  const { node, servers } = settings;
  if (node?.includes(':') === true) return node;
  const at = node === undefined ? 0 : Number(node);
  return servers[at] ?? servers[0] ?? '127.0.0.1:8090';
}
