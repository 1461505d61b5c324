import { isIggyctlError } from '../../base/index.js';
import { printable } from '../../render/index.js';
import { CliError } from '../cli-error.js';
import { causeOfError } from '../error-advice.data.js';
import {
  type ExitClass,
  exitClassOfEviction,
  exitClassOfServerCode,
  exitCodes,
} from '../exit-codes.js';
import { systemReason } from '../system-error.js';

/** An error in the form in which it is shown; the same facts as text and as JSON. */
export interface ErrorReport {
  /** The server's error name, or the tool's own such as `E_CONFIG`. */
  readonly name: string;
  readonly code: number | null;
  readonly exit_code: number;
  readonly message: string;
  readonly causes: readonly string[];
  readonly hint: string | null;
  readonly server: { readonly code: number; readonly name: string } | null;
  readonly request: RequestReport | null;
  readonly retryable: boolean;
}

/** Which request failed, as far as it is known. */
export interface RequestReport {
  readonly command: string;
  readonly code: number;
  readonly request: string | null;
  readonly session: string | null;
  readonly node: string | null;
  readonly view: number | null;
}

const classesOfClientCodes: Readonly<Record<string, ExitClass>> = {
  OUTCOME_UNKNOWN: 'timeout',
  TIMEOUT: 'timeout',
  CANCELLED: 'interrupted',
  CONNECTION_FAILED: 'unreachable',
  CONNECTION_LOST: 'unreachable',
  NOT_CONNECTED: 'unreachable',
  CLIENT_CLOSED: 'unreachable',
  UNAUTHENTICATED: 'unauthenticated',
  PROTOCOL_VIOLATION: 'malformed',
  UNSUPPORTED: 'unsupported',
  INVALID_ARGUMENT: 'usage',
  CONNECTION_STRING_INVALID: 'usage',
  SETTING_UNKNOWN: 'usage',
  SETTING_INVALID: 'usage',
  CLUSTER_RUNNING: 'conflict',
  CLUSTER_LAYOUT_MISMATCH: 'config',
  BOOT_REFUSED: 'malformed',
};

const hintsOfClasses: Readonly<Partial<Record<ExitClass, string>>> = {
  unauthenticated: 'iggyctl login',
  unreachable: 'iggyctl cluster up, or name a server with --server HOST:PORT',
  conflict: 'choose another name',
};

/** Everything that is shown of an error, whatever threw it. */
export function reportOf(error: unknown): ErrorReport {
  if (error instanceof CliError) return ofCli(error);
  if (isIggyctlError(error)) return ofCoded(error);
  if (isParseError(error)) return ofParser(error);
  if (isFileError(error)) return ofCli(fileError(error));
  const message = error instanceof Error ? error.message : String(error);
  return {
    ...base('E_INTERNAL', `internal fault: ${message}`, exitCodes.internal),
    hint: 'run again with -vvv for the stack trace, and report it with both',
  };
}

function ofCli(error: CliError): ErrorReport {
  const server = serverOf(error.details);
  const request = requestOf(error);
  const exitCode = error.exitCode ?? exitCodes[error.exitClass];
  return {
    ...base(server?.name ?? error.label ?? error.code, error.message, exitCode),
    code: server?.code ?? null,
    server,
    request,
    causes: request === null ? error.causes : [describe(request), ...error.causes],
    hint: error.hint ?? null,
  };
}

/** A file that was named could not be used, wherever that was noticed. */
interface FileError extends Error {
  readonly syscall: string;
  readonly path?: string;
}

function isFileError(error: unknown): error is FileError {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return false;
  const isSystems = typeof error.code === 'string' && /^E[A-Z0-9]+$/.test(error.code);
  const isFiles = 'path' in error ? typeof error.path === 'string' : error.syscall === 'read';
  return isSystems && isFiles;
}

/** Calls of the system whose names are no words. */
const verbs: Readonly<Record<string, string>> = {
  mkdir: 'make',
  mkdtemp: 'make',
  rmdir: 'remove',
  unlink: 'remove',
  scandir: 'read',
  stat: 'look at',
  lstat: 'look at',
  chmod: 'change',
};

/** `ENOENT: no such file or directory, open '/x'` in the words of every other message. */
function fileError(error: FileError): CliError {
  const what = error.path === undefined ? '' : ` ${error.path}`;
  const message = `cannot ${verbs[error.syscall] ?? error.syscall}${what}: ${systemReason(error)}`;
  return new CliError('E_IO', message, { cause: error });
}

interface Coded extends Error {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;
}

function ofCoded(error: Coded): ErrorReport {
  const { details } = error;
  const exitClass = classOf(error);
  const server = serverOf(details);
  const request = requestOf(error);
  return {
    ...base(server?.name ?? nameOf(error), withoutCode(error.message), exitCodes[exitClass]),
    code: server?.code ?? null,
    causes: request === null ? [] : [describe(request)],
    hint: hintOfServer(server) ?? hintOf(exitClass, request),
    server,
    request,
    retryable: exitClass === 'unhealthy' || exitClass === 'unreachable',
  };
}

/** What to do about the server's error, where that is a command. */
function hintOfServer(server: ErrorReport['server']): string | undefined {
  const action = causeOfError[server?.code ?? 0]?.[1];
  return action?.startsWith('iggyctl ') === true ? action : undefined;
}

function hintOf(exitClass: ExitClass, request: RequestReport | null): string | null {
  const hint = hintsOfClasses[exitClass] ?? null;
  if (exitClass !== 'conflict' || request?.command.endsWith('.create') !== true) return hint;
  return `${hint}; to create only what is missing, add --if-not-exists`;
}

/** The code stands behind the message in any case. */
function withoutCode(message: string): string {
  return message.replace(/ \[\w+ \d+\](?=$|;)/, '');
}

function classOf({ code, details }: Coded): ExitClass {
  if (code === 'SERVER_ERROR') return exitClassOfServerCode(Number(details['serverCode']));
  if (code === 'SESSION_EVICTED') return exitClassOfEviction(Number(details['reason']));
  if (code.startsWith('WIRE_')) return 'malformed';
  return classesOfClientCodes[code] ?? 'internal';
}

function nameOf({ code, details }: Coded): string {
  if (code === 'SESSION_EVICTED')
    return `${String(details['reasonName'])} ${String(details['reason'])}`;
  return `E_${code}`;
}

function serverOf(details: Coded['details']): ErrorReport['server'] {
  const { serverCode, serverName } = errorOfEviction(details) ?? details;
  if (typeof serverCode !== 'number' || typeof serverName !== 'string') return null;
  return { code: serverCode, name: pascal(serverName) };
}

/** Refused logins come as evictions; people know them by their error. */
function errorOfEviction({ reason }: Coded['details']) {
  if (reason === 9) return { serverCode: 42, serverName: 'invalid_credentials' };
  if (reason === 10) return { serverCode: 53, serverName: 'invalid_personal_access_token' };
  return undefined;
}

/** The protocol's table has snake_case names; people know the errors by their type names. */
function pascal(name: string): string {
  if (name === 'unknown_error') return 'unknown error';
  return name
    .split('_')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}

function requestOf(error: Error): RequestReport | null {
  const request: unknown = 'request' in error ? error.request : undefined;
  if (typeof request !== 'object' || request === null) return null;
  // A connection that was never made had no request.
  if ('code' in request && request.code === 0) return null;
  const {
    command,
    code,
    request: number,
    session,
    node,
    view,
  } = request as Record<string, unknown>;
  return {
    command: String(command),
    code: Number(code),
    request: number === undefined ? null : String(number),
    session: session === undefined ? null : String(session),
    node: typeof node === 'string' ? node : null,
    view: typeof view === 'number' ? view : null,
  };
}

function describe({ command, code, request, session, node, view }: RequestReport): string {
  const parts = [`request ${command} (${code})${request === null ? '' : ` #${request}`}`];
  if (session !== null && session !== '0') parts.push(`session ${session}`);
  if (node !== null) parts.push(`node ${node}`);
  if (view !== null) parts.push(`view ${view}`);
  return parts.join(', ');
}

interface ParseError {
  readonly message: string;
  readonly parse?: unknown;
}

/** Errors of the command framework's parser and of its look-up of commands. */
function isParseError(error: unknown): error is ParseError {
  return error instanceof Error && ('parse' in error || 'oclif' in error);
}

function ofParser(error: ParseError): ErrorReport {
  const lines = error.message
    .split('\n')
    .filter((line) => line !== '' && line !== 'See more help with --help');
  const [first = 'wrong usage', ...rest] = lines;
  return {
    ...base('E_USAGE', [first, ...rest.map((line) => line.trim())].join('; '), exitCodes.usage),
    hint: 'add --help for the arguments and flags',
  };
}

function base(name: string, message: string, exitCode: number): ErrorReport {
  return {
    name,
    code: null,
    exit_code: exitCode,
    message,
    causes: [],
    hint: null,
    server: null,
    request: null,
    retryable: false,
  };
}

/** The text form: at most one screen, the most important line first. Ends with a newline. */
export function errorText(report: ErrorReport): string {
  const label = report.code === null ? report.name : `${report.name} ${report.code}`;
  const lines = [`error: ${report.message}  [${label}]`];
  for (const cause of report.causes) lines.push(`cause: ${cause}`);
  if (report.hint !== null) lines.push(`hint:  ${report.hint}`);
  // Names from a server or a file may be in them, which must not move the cursor.
  return lines.map((line) => `${line.split('\n').map(printable).join('\n')}\n`).join('');
}

/** The JSON form: one line, newline included. */
export function errorJson(report: ErrorReport): string {
  return `${JSON.stringify({ kind: 'error', v: 1, error: report })}\n`;
}
