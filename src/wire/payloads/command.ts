import { Operation } from '../frames/index.js';
import type { Codec } from '../schema/index.js';

/** Whether the payload of a reply comes right after the header or behind a result section. */
export type ReplyFraming = 'none' | 'result';

/** Everything about one command that can be said as data. */
export interface CommandSpec<Request = unknown, Response = unknown> {
  /** Number in a client's request. */
  readonly code: number;
  /** Name in snake_case, such as `create_stream`. */
  readonly name: string;
  /** Name in the dispatch table of the reference implementation, such as `stream.create`. */
  readonly dispatchName: string;
  /** Operation byte of the request frame; NonReplicated is 2. */
  readonly operation: Operation;
  /** Rights it needs, for people. */
  readonly permission: string;
  readonly request: Codec<Request>;
  /** Payload of a successful reply, without the result section. */
  readonly response: Codec<Response>;
  readonly framing: ReplyFraming;
  /** What servers do with bytes after the request. */
  readonly trailing: 'ignored' | 'rejected';
}

/** The parts of a command that are not the same for most. */
export interface CommandDescription<Code extends number, Name extends string, Request, Response>
  extends Omit<CommandSpec<Request, Response>, 'operation' | 'framing' | 'trailing'> {
  readonly code: Code;
  readonly name: Name;
  /** NonReplicated when absent. */
  readonly operation?: Operation;
  /** `none` when absent. */
  readonly framing?: ReplyFraming;
  /** `ignored` when absent. */
  readonly trailing?: 'ignored' | 'rejected';
}

/** Describes a command; keeps the types of its code, name, request and response. */
export function command<const Code extends number, const Name extends string, Request, Response>(
  description: CommandDescription<Code, Name, Request, Response>,
): CommandSpec<Request, Response> & { readonly code: Code; readonly name: Name } {
  return {
    operation: Operation.NonReplicated,
    framing: 'none',
    trailing: 'ignored',
    ...description,
  };
}
