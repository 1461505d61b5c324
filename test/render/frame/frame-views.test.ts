// The views of a frame that people look at.
import { describe, expect, it } from 'vitest';
import { describeFrame, maskedRanges } from '../../../src/decoder/index.js';
import {
  displayWidth,
  type FrameTextOptions,
  frameText,
  stripStyle,
  styleFor,
} from '../../../src/render/index.js';
import { decodeAll } from '../../helpers/decoded.js';
import * as frames from '../../helpers/sample-frames.js';

const plain: Omit<FrameTextOptions, 'masked'> = {
  ...{ style: styleFor(false), color: false, width: 0, annotate: false, numbered: false },
  ...{ showSecrets: false, only: undefined, fields: undefined },
};

function textOf(bytes: Uint8Array, options: Partial<FrameTextOptions> = {}): string {
  let text = '';
  decodeAll(bytes, {
    onFrame: (view) => {
      const masked = options.showSecrets === true ? [] : maskedRanges(view);
      text = frameText(view, describeFrame(view), { ...plain, masked, ...options });
    },
  });
  return text;
}

const samples = [
  frames.registerFrame(),
  frames.createStream('orders'),
  frames.prepareFrame(17n),
  frames.commitFrame(3n),
  frames.metadataReply(128, { result: 1012 }),
  frames.evictionFrame(7),
];

describe('the field table', () => {
  it('06-S39 shows a login with its names and without its password', () => {
    const text = textOf(frames.registerFrame('hunter2-long'));
    expect(text.split('\n')[0]).toMatch(/^Request {2}Register {2}client 0x01234567…6677 {2}\d+ B/);
    expect(text).toMatch(/^ +sdk_name .*"node-sdk"/m);
    expect(text).toMatch(/^ +sdk_version .*"0.10.0"/m);
    expect(text).toMatch(/^ +username .*"iggy"/m);
    expect(text).toMatch(/^ +password .*\*{8}/m);
    expect(text).not.toContain('hunter2');
    expect(textOf(frames.registerFrame('hunter2-long'), { showSecrets: true })).toMatch(
      /^ +password .*"hunter2-long"/m,
    );
  });

  it('begins with the numbers of the consensus', () => {
    expect(textOf(frames.prepareFrame(17n)).split('\n')[0]).toMatch(
      /^Prepare {2}view 2 {2}op 17 {2}commit 16 {2}request 4 {2}CreateStream {2}client 0x/,
    );
  });

  it('puts human forms beside raw values', () => {
    const text = textOf(frames.prepareFrame(17n));
    expect(text).toMatch(/timestamp .*1755770400123456 .*2025-08-21 10:00:00.123456 UTC/);
    expect(text).toMatch(/group .*9223372036854775808 .*metadata/);
    expect(text).toContain('checks: frame ok, body ok, reserved ok');
  });

  it('is never wider than the terminal, and the same in colour', () => {
    for (const bytes of samples) {
      for (const width of [40, 60, 80, 100, 120, 200]) {
        for (const annotate of [false, true]) {
          const text = textOf(bytes, { width, annotate });
          for (const line of text.split('\n')) {
            expect(displayWidth(line), `${width}: ${line}`).toBeLessThanOrEqual(width);
          }
          const colored = textOf(bytes, {
            width,
            annotate: false,
            color: true,
            style: styleFor(true),
          });
          if (!annotate) expect(stripStyle(colored)).toBe(text);
        }
      }
    }
  });

  it('names the error of a refusal', () => {
    const text = textOf(frames.metadataReply(128, { result: 1012 }));
    expect(text.split('\n')[0]).toContain('StreamNameAlreadyExists (1012)');
    expect(text).toMatch(/result .*1012 .*StreamNameAlreadyExists/);
  });

  it('shows chosen fields only', () => {
    const text = textOf(frames.prepareFrame(17n), { fields: new Set(['op', 'body.name']) });
    expect(text).toMatch(/^op /m);
    expect(text).toMatch(/^ +name /m);
    expect(text).not.toMatch(/^commit /m);
  });

  it('escapes what could drive the terminal', () => {
    const text = textOf(frames.createStream('a\u001b[2Jb\nc'));
    expect(text).toContain('"a\\u001b[2Jb\\nc"');
    expect(text).not.toContain('\u001b');
  });
});

describe('the annotated hexdump', () => {
  it('06-S48 names every byte of the 256 without an escape byte', () => {
    const text = textOf(frames.commitFrame(3n), { annotate: true });
    expect(text).not.toContain('\u001b');
    const covered = new Set<number>();
    let name = '';
    for (const line of text.split('\n').slice(1, -2)) {
      const start = Number.parseInt(line.slice(0, 6), 16);
      const bytes = line.slice(8, 56).trim().split(/ +/).length;
      name = /\[([a-z_.]+)\]/.exec(line)?.[1] ?? name;
      expect(name).not.toBe('');
      const skipped = Number(/\((\d+) zero bytes before\)/.exec(line)?.[1] ?? 0);
      for (let at = start - skipped; at < start + bytes; at++) covered.add(at);
    }
    expect(covered.size).toBe(256);
  });

  it('masks the bytes of secrets', () => {
    const text = textOf(frames.registerFrame('hunter2-long'), { annotate: true });
    const digits = Buffer.from('hunter2')
      .toString('hex')
      .replace(/(..)(?=.)/g, '$1 ');
    expect(text).not.toContain(digits);
    expect(text).not.toContain('hunter');
    expect(text).toMatch(/·· ··.*\[body\.password\] +\*{8}/);
  });
});
