import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import {
  type ClientSocket,
  FlushQueue,
  type Listener,
  type ListenOptions,
  listenTcp,
  listenWebSocket,
} from '../../src/platform/index.js';

const text = (value: string) => new TextEncoder().encode(value);

/** A handler that echoes, and keeps what happened. */
class Recorder {
  readonly sockets: ClientSocket[] = [];
  readonly received: string[] = [];
  closed = 0;
  drained = 0;
  echo = true;
  readonly flushQueue = new FlushQueue();

  options(extra: Partial<ListenOptions> = {}): ListenOptions {
    return {
      host: '127.0.0.1',
      port: 0,
      maxConnections: 100,
      flushQueue: this.flushQueue,
      accept: (socket) => {
        this.sockets.push(socket);
        return {
          data: (chunk) => {
            this.received.push(new TextDecoder().decode(chunk));
            if (this.echo) socket.send(chunk);
            this.flushQueue.flush();
          },
          drained: () => {
            this.drained += 1;
          },
          closed: () => {
            this.closed += 1;
          },
        };
      },
      ...extra,
    };
  }
}

const listeners: Listener[] = [];
afterEach(async () => {
  await Promise.all(listeners.splice(0).map((listener) => listener.close()));
});

async function tcp(recorder: Recorder, extra?: Partial<ListenOptions>): Promise<Listener> {
  const listener = await listenTcp(recorder.options(extra));
  listeners.push(listener);
  return listener;
}

/** Takes every message for a frame but the one that says it is none. */
async function webSocket(recorder: Recorder, maxMessageBytes: number): Promise<Listener> {
  const isFrame = (message: Uint8Array) => new TextDecoder().decode(message) !== 'not a frame';
  const listener = await listenWebSocket({ ...recorder.options(), maxMessageBytes, isFrame });
  listeners.push(listener);
  return listener;
}

async function dial(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

describe('listenTcp', () => {
  it('binds a free port and carries bytes both ways', async () => {
    const recorder = new Recorder();
    const { port } = await tcp(recorder);
    const socket = await dial(port);

    socket.write('hello');
    const [answer] = await once(socket, 'data');

    expect(port).toBeGreaterThan(0);
    expect(String(answer)).toBe('hello');
    expect(recorder.sockets[0]?.remoteAddress).toBe(`127.0.0.1:${socket.localPort}`);
    expect(recorder.sockets[0]?.localAddress).toBe('127.0.0.1');
    socket.destroy();
    await until(() => recorder.closed === 1);
  });

  it('sends many queued frames in order with one flush', async () => {
    const recorder = new Recorder();
    const { port } = await tcp(recorder);
    const socket = await dial(port);
    await until(() => recorder.sockets.length === 1);

    const frames = Array.from({ length: 40 }, (_, i) => text(`${i},`.repeat(i < 20 ? 1 : 2000)));
    for (const frame of frames) recorder.sockets[0]?.send(frame);
    recorder.flushQueue.flush();
    recorder.sockets[0]?.close();

    let received = '';
    socket.on('data', (chunk) => (received += chunk));
    await once(socket, 'end');
    expect(received).toBe(frames.map((frame) => new TextDecoder().decode(frame)).join(''));
  });

  it('closes only after everything queued was sent', async () => {
    const recorder = new Recorder();
    const { port } = await tcp(recorder);
    const socket = await dial(port);
    await until(() => recorder.sockets.length === 1);

    recorder.sockets[0]?.send(text('last words'));
    recorder.sockets[0]?.close();

    const [answer] = await once(socket, 'data');
    expect(String(answer)).toBe('last words');
    await once(socket, 'end');
  });

  it('stops reading while paused and goes on afterwards', async () => {
    const recorder = new Recorder();
    const { port } = await tcp(recorder);
    const socket = await dial(port);
    await until(() => recorder.sockets.length === 1);
    recorder.sockets[0]?.pause(true);

    socket.write('held back');
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(recorder.received).toEqual([]);
    recorder.sockets[0]?.pause(false);

    await until(() => recorder.received.length === 1);
    expect(recorder.received).toEqual(['held back']);
  });

  it('counts what a peer that does not read leaves queued, and tells when it drained', async () => {
    const recorder = new Recorder();
    const { port } = await tcp(recorder);
    const socket = await dial(port);
    socket.pause();
    await until(() => recorder.sockets.length === 1);

    const big = new Uint8Array(16 << 20);
    recorder.sockets[0]?.send(big);
    recorder.flushQueue.flush();
    expect(recorder.sockets[0]?.queuedBytes).toBeGreaterThan(1 << 20);
    socket.resume();

    await until(() => recorder.drained > 0);
    expect(recorder.sockets[0]?.queuedBytes).toBe(0);
  });

  it('refuses connections above its limit', async () => {
    const recorder = new Recorder();
    const { port } = await tcp(recorder, { maxConnections: 2 });
    await dial(port);
    await dial(port);
    const third = await dial(port);
    await once(third, 'close');

    expect(recorder.sockets).toHaveLength(2);
  });

  it('says which port it could not bind, and why', async () => {
    const { port } = await tcp(new Recorder());

    await expect(listenTcp(new Recorder().options({ port }))).rejects.toMatchObject({
      code: 'LISTEN_FAILED',
      details: { host: '127.0.0.1', port, reason: 'EADDRINUSE' },
    });
  });

  it('drops open connections when it is closed', async () => {
    const recorder = new Recorder();
    const listener = await listenTcp(recorder.options());
    const socket = await dial(listener.port);
    await until(() => recorder.sockets.length === 1);

    await listener.close();

    await once(socket, 'close');
    expect(recorder.closed).toBe(1);
  });
});

describe('listenWebSocket', () => {
  it('carries one message per frame both ways', async () => {
    const recorder = new Recorder();
    const listener = await webSocket(recorder, 1 << 20);
    const socket = new WebSocket(`ws://127.0.0.1:${listener.port}/any/path`);
    await once(socket, 'open');
    const answers: string[] = [];
    socket.on('message', (data) => answers.push(String(data)));

    socket.send(text('one'));
    socket.send(text('two'));
    await until(() => answers.length === 2);

    expect(answers).toEqual(['one', 'two']);
    expect(recorder.sockets[0]?.transport).toBe(4);
    socket.close();
    await until(() => recorder.closed === 1);
  });

  it('closes on a text message, on one that is too long and on one that is no frame', async () => {
    const recorder = new Recorder();
    const listener = await webSocket(recorder, 1000);
    for (const message of ['text', new Uint8Array(1001), text('not a frame')]) {
      const socket = new WebSocket(`ws://127.0.0.1:${listener.port}/`);
      await once(socket, 'open');
      socket.send(message);
      await once(socket, 'close');
    }

    expect(recorder.received).toEqual([]);
    await until(() => recorder.closed === 3);
  });
});
