import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster } from '../../src/cluster/index.js';
import { CliHome } from '../helpers/cli-home.js';
import { hashing } from '../helpers/remembered-hashing.js';

let cluster: LocalCluster;
let home: CliHome;

beforeAll(async () => {
  cluster = await LocalCluster.start({ hashing, nodes: 1, portBase: 0, ephemeral: true });
  const [node] = cluster.readyRecord().nodes;
  home = new CliHome({
    IGGYCTL_SERVER: `127.0.0.1:${node?.tcp}`,
    IGGY_USERNAME: 'iggy',
    IGGY_PASSWORD: 'iggy',
  });
});

afterAll(async () => {
  home.remove();
  await cluster.stop();
});

describe('streams', () => {
  it('06-S64 an empty list is its header line, in JSON no items', async () => {
    const { code, stdout } = await home.run(['stream', 'list']);
    expect(code).toBe(0);
    expect(stdout).toBe('ID  Created  Name  Size  Messages  Topics\n');
    expect((await home.json(['stream', 'list']))['items']).toEqual([]);
  });

  it('06-S54 a stream that is not there ends with 3', async () => {
    const { code, stdout, stderr } = await home.run(['stream', 'get', 'nope']);
    expect(code).toBe(3);
    expect(stdout).toBe('');
    expect(stderr).toContain('[StreamNameNotFound 1010]');
    expect(stderr).toContain('hint:  iggyctl stream list');
  });

  it('06-S55 creating twice ends with 4, unless that is wanted', async () => {
    expect((await home.run(['stream', 'create', 'a'])).code).toBe(0);
    expect((await home.run(['stream', 'create', 'a'])).code).toBe(4);
    const again = await home.json(['stream', 'create', 'a', '--if-not-exists']);
    expect(again['changed']).toBe(false);
  });

  it('06-S56 deleting without a terminal needs --yes', async () => {
    const refused = await home.run(['stream', 'delete', 'a']);
    expect(refused.code).toBe(16);
    expect(refused.stderr).toContain('0 topics and 0 messages');
    expect((await home.json(['stream', 'list']))['items']).toHaveLength(1);
    expect((await home.run(['stream', 'delete', 'a', '--yes'])).code).toBe(0);
    expect((await home.run(['stream', 'delete', 'a', '--yes'])).code).toBe(3);
    expect((await home.json(['stream', 'delete', 'a', '--if-exists']))['changed']).toBe(false);
  });

  it('quiet prints the new id and the ids of a list', async () => {
    const { stdout } = await home.run(['stream', 'create', 'quiet', '-q']);
    expect(stdout).toMatch(/^\d+\n$/);
    expect((await home.run(['stream', 'list', '-q'])).stdout).toBe(stdout);
    expect((await home.run(['stream', 'list', '-o', 'name'])).stdout).toBe('quiet\n');
    expect((await home.run(['stream', 'list', '-o', 'csv'])).stdout.split('\r\n')[0]).toBe(
      'id,created_at,name,size_bytes,messages_count,topics_count',
    );
    await home.run(['stream', 'delete', 'quiet', '-y']);
  });
});

describe('requests', () => {
  it('06-S50 lists 51 commands, which go by name and by code', async () => {
    expect((await home.json(['request', 'list']))['items']).toHaveLength(51);
    await home.run(['stream', 'create', 'prod']);
    const byName = await home.json(['request', 'stream.get', 'stream=prod']);
    const byCode = await home.json(['request', '200', 'stream=prod']);
    expect(byName['reply_hex']).toBe(byCode['reply_hex']);
    expect(byName).toMatchObject({ code: 200, status: 0, reply: { name: 'prod' } });
  });

  it('06-S51 a dry run shows the frame and sends nothing', async () => {
    const { code, stdout } = await home.run(['request', 'stream.create', 'name=x', '--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toContain('CreateStream');
    expect((await home.run(['stream', 'get', 'x'])).code).toBe(3);
  });

  it('a refusal gives the exit status of its class, an expectation 15', async () => {
    const twice = ['request', 'stream.create', 'name=prod'];
    expect((await home.run(twice)).code).toBe(4);
    expect((await home.run([...twice, '--expect-status', '1012'])).code).toBe(0);
    expect((await home.run([...twice, '--expect-status', '0'])).code).toBe(15);
    expect((await home.run(['request', 'user.password', 'new_password=x'])).code).toBe(2);
  });
});

describe('looking at the cluster', () => {
  it('pings without a login', async () => {
    const env = { IGGY_USERNAME: '', IGGY_PASSWORD: '' };
    const pinged = await home.json(['ping', '--count', '2', '--interval', '1ms'], { env });
    expect(pinged).toMatchObject({ kind: 'ping', sent: 2, received: 2 });
  });

  it('shows the roster', async () => {
    const seen = await home.json(['cluster', 'metadata']);
    expect(seen).toMatchObject({ kind: 'cluster.metadata', name: 'single-node' });
  });

  it('shows clients and figures of the node', async () => {
    const { items } = await home.json(['client', 'list']);
    expect(items).toHaveLength(1);
    expect((await home.run(['client', 'get', '4000000000'])).code).toBe(3);
    expect(await home.json(['stats'])).toMatchObject({ kind: 'stats', streams_count: 1 });
  });

  it('-vv tells every frame, never a secret', async () => {
    const { stderr } = await home.run(['me', '-vv']);
    expect(stderr).toContain('Register');
    expect(stderr).not.toContain('696767790469676779');
  });
});
