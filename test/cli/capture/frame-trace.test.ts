import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FrameTrace } from '../../../src/cli/capture/frame-trace.js';
import { readCapture } from '../../../src/cli/capture/read-capture.js';
import type { FrameView } from '../../../src/decoder/index.js';
import { createStream, streamReply } from '../../helpers/sample-frames.js';

const folder = mkdtempSync(join(tmpdir(), 'iggyctl-trace-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [asked, answered] = [createStream('a'), streamReply('a')];

describe('a trace of what a client sends', () => {
  // Where nothing says how a connection began, the end with the lower port is taken for the server.
  it.each(['trace.pcap', 'trace.ndjson'])(
    'says who asked and who answered, whatever the ports are (%s)',
    async (name) => {
      const path = join(folder, name);
      const trace = new FrameTrace(path);
      const place = { node: '127.0.0.1:65000', link: 1 };
      for (let turn = 0; turn < 3; turn++) {
        trace.write({ ...place, direction: 'out', bytes: asked });
        trace.write({ ...place, direction: 'in', bytes: answered });
      }
      trace.close();
      const seen: FrameView[] = [];
      const sink = { frame: (view: FrameView) => void seen.push(view), note: expect.fail };
      await readCapture(path, { signal: new AbortController().signal }, sink);
      const said = seen.map(({ direction, command }) => `${direction} ${command.name}`);
      const turns = ['client Request', 'server Reply'];
      expect(said).toEqual([...turns, ...turns, ...turns]);
    },
  );
});
