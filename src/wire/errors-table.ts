import { once } from '../base/index.js';
import { serverErrorRows } from './errors-table.data.js';

/** An error a server answers with: as a status, in a result section, or for an eviction. */
export interface ServerErrorInfo {
  readonly code: number;
  /** Name in snake_case, such as `stream_id_not_found`. */
  readonly name: string;
  readonly meaning: string;
}

/** Every server error, in rising order of code. */
export const serverErrors: () => readonly ServerErrorInfo[] = once(() =>
  serverErrorRows.map(([code, name, meaning]) => ({ code, name, meaning })),
);

const byCode = once(() => new Map(serverErrors().map((each) => [each.code, each] as const)));
const byName = once(() => new Map(serverErrors().map((each) => [each.name, each] as const)));

/** The entry of a code; nothing for codes without a meaning, 0 among them. */
export function serverErrorByCode(code: number): ServerErrorInfo | undefined {
  return byCode().get(code);
}

/** The entry of a name in snake_case. */
export function serverErrorByName(name: string): ServerErrorInfo | undefined {
  return byName().get(name);
}

/** Name of a code, for people: `unknown_error_99999` when it has none. */
export function serverErrorName(code: number): string {
  return byCode().get(code)?.name ?? `unknown_error_${code}`;
}

/** Server error codes that the protocol itself treats apart from the rest. */
export const ServerError = {
  /** Unspecified; also what an unknown code is read as. */
  Error: 1,
  InvalidCommand: 3,
  InvalidFormat: 4,
  ResourceNotFound: 20,
  StaleClient: 30,
  Unauthenticated: 40,
  Unauthorized: 41,
  InvalidCredentials: 42,
  InvalidPersonalAccessToken: 53,
  /** Outcome unknown: repeat the same request, same number, same session. */
  TransientNotCommitted: 57,
  /** Never taken in: may be issued again anywhere. */
  TransientNotAccepted: 58,
  /** Applied earlier, its reply is gone. */
  RequestAlreadyApplied: 59,
  EmptyResponse: 304,
  IncompatibleProtocolVersion: 14003,
} as const;

export type ServerError = (typeof ServerError)[keyof typeof ServerError];

/** True for the codes after which the request is to be sent again. */
export function isTransientCode(code: number): boolean {
  return code === ServerError.TransientNotCommitted || code === ServerError.TransientNotAccepted;
}
