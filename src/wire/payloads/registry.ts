import type { Codec } from '../schema/index.js';
import type { Command } from './command.js';
import { createStream } from './stream/create-stream.js';
import { deleteStream } from './stream/delete-stream.js';
import { getStream } from './stream/get-stream.js';
import { getStreams } from './stream/get-streams.js';
import { purgeStream } from './stream/purge-stream.js';
import { updateStream } from './stream/update-stream.js';
import { getClient } from './system/get-client.js';
import { getClients } from './system/get-clients.js';
import { getClusterMetadata } from './system/get-cluster-metadata.js';
import { getMe } from './system/get-me.js';
import { ping } from './system/ping.js';
import { loginRegister } from './user/login-register.js';
import { loginRegisterWithPat } from './user/login-register-with-pat.js';
import { logoutUser } from './user/logout-user.js';

/** Every command by its name. */
export const commands = {
  ping,
  get_cluster_metadata: getClusterMetadata,
  get_me: getMe,
  get_client: getClient,
  get_clients: getClients,
  logout_user: logoutUser,
  login_register: loginRegister,
  login_register_with_pat: loginRegisterWithPat,
  get_stream: getStream,
  get_streams: getStreams,
  create_stream: createStream,
  delete_stream: deleteStream,
  update_stream: updateStream,
  purge_stream: purgeStream,
} as const;

export type Commands = typeof commands;
/** Names of commands, such as `create_stream`. */
export type CommandName = keyof Commands;
/** Codes of commands. */
export type CommandCode = Commands[CommandName]['code'];
/** The value type of a command's request body. */
export type RequestOf<N extends CommandName> =
  Commands[N]['request'] extends Codec<infer T> ? T : never;
/** The value type of a command's reply payload. */
export type ResponseOf<N extends CommandName> =
  Commands[N]['response'] extends Codec<infer T> ? T : never;

/** All commands, by ascending code. */
export const commandList: readonly Command[] = Object.values(commands).toSorted(
  (a, b) => a.code - b.code,
);

const byCode: ReadonlyMap<number, Command> = new Map(commandList.map((each) => [each.code, each]));

/** The command with this code, or nothing. */
export function commandByCode(code: number): Command | undefined {
  return byCode.get(code);
}

/** The request body of the command with this code, or nothing. */
export function requestCodec(code: number): Codec<unknown> | undefined {
  return byCode.get(code)?.request;
}

/** The reply payload of the command with this code, or nothing. */
export function responseCodec(code: number): Codec<unknown> | undefined {
  return byCode.get(code)?.response;
}
