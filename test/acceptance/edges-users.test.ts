import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answers } from './hand/answers.js';
import { text8, u8, u32 } from './hand/bytes.js';
import { type HandClient, outcome } from './hand/hand-client.js';
import { HandCluster } from './hand/hand-cluster.js';
import { readUser } from './hand/replies.js';
import {
  code,
  ident,
  op,
  optionText,
  passwordBody,
  permissions,
  updateUserBody,
  userBody,
} from './hand/requests.js';

const cat = (...parts: Uint8Array[]): Buffer => Buffer.concat(parts);

describe('05 edges of users', () => {
  let server: HandCluster;
  let root: HandClient;

  beforeAll(async () => {
    server = await HandCluster.open({}, { nodes: 3 });
    root = await server.root();
  });
  afterAll(() => server.stop());

  const doing = (operation: number) => (body: Buffer) => root.does(operation, body);

  it('reads flags of users as flags, and lengths of permissions exactly', async () => {
    const rights = permissions({ global: ['poll_messages'] });
    const head = (name: string) => cat(text8(name), text8('secret'), u8(1));
    await answers(
      [
        ['a flag of 2 is absent', cat(head('flag-2'), u8(2)), 'ok'],
        ['a length too short', cat(head('short'), u8(1), u32(rights.length - 1), rights), 'S 3'],
        [
          'a length too long',
          cat(head('long'), u8(1), u32(rights.length + 1), rights, u8(0)),
          'S 3',
        ],
        ['a length beyond the body', cat(head('beyond'), u8(1), u32(4_294_967_295)), 'S 3'],
        ['no flag', head('no-flag'), 'S 3'],
        ['no status', cat(text8('no-status'), text8('secret')), 'S 3'],
        ['an option', cat(head('ab'), u8(0), optionText('foo', '1')), 'S 4041'],
        ['a short name', cat(head('ab'), u8(0)), 'R 43'],
        ['a name of 255 bytes', cat(head('n'.repeat(255)), u8(0)), 'R 43'],
        ['25 letters of 2 bytes', cat(head('é'.repeat(25)), u8(0)), 'ok'],
        ['26 letters of 2 bytes', cat(head('é'.repeat(26)), u8(0)), 'R 43'],
        ['an empty password', cat(text8('empty'), u8(0), u8(1), u8(0)), 'ok'],
        [
          'a password of 255 bytes',
          cat(text8('lengthy'), text8('p'.repeat(255)), u8(1), u8(0)),
          'ok',
        ],
      ],
      doing(op.createUser),
    );
    expect(readUser(await root.get(code.user, ident('flag-2'))).permissions).toBeUndefined();
    for (const [name, password] of [
      ['empty', ''],
      ['lengthy', 'p'.repeat(255)],
    ] as const) {
      expect(outcome(await (await server.dial()).tryLogin(name, password))).toBe('E 9');
    }

    await root.must(op.createUser, userBody('target', 'secret', 1, { global: ['read_users'] }));
    const target = () => root.get(code.user, ident('target')).then(readUser);
    expect(await root.does(op.updateUser, cat(ident('target'), u8(2), u8(2)))).toBe('ok');
    expect(await root.does(op.updateUser, updateUserBody('target', { status: 9 }))).toBe('ok');
    expect(await root.does(op.updateUser, updateUserBody('target', { name: 'target' }))).toBe('ok');
    expect(await target()).toMatchObject({ status: 1, name: 'target' });
    expect((await target()).permissions).toBeDefined();
    const both = { name: 'ab', status: 2 };
    expect(await root.does(op.updateUser, updateUserBody('target', both))).toBe('R 43');
    expect(
      await root.does(op.updateUser, updateUserBody('target', { ...both, name: 'iggy' })),
    ).toBe('R 46');
    expect(await target()).toMatchObject({ status: 1, name: 'target' });
    expect(await root.does(op.updatePermissions, cat(ident('target'), u8(7)))).toBe('ok');
    expect((await target()).permissions).toBeUndefined();
  });

  it('tells an empty new password from a wrong current one', async () => {
    await root.must(op.createUser, userBody('blank', 'secret'));
    expect(await root.does(op.changePassword, passwordBody('blank', '', ''))).toBe('R 42');
    expect(await root.does(op.changePassword, passwordBody('blank', 'secret', ''))).toBe('ok');
    expect(outcome(await (await server.dial()).tryLogin('blank', 'secret'))).toBe('E 9');
    expect(await root.does(op.changePassword, passwordBody('blank', '', 'again'))).toBe('ok');
    expect(outcome(await (await server.dial()).tryLogin('blank', 'again'))).toBe('ok');
    expect(await root.does(op.changePassword, cat(ident('blank'), text8('again')))).toBe('S 3');
  });
});
