// One frame in every form that tools write it in gives the same bytes, hence the same JSON.
import { describe, expect, it } from 'vitest';
import { DecodeInputError } from '../../../src/decoder/index.js';
import { decodeAll, withoutInput } from '../../helpers/decoded.js';
import * as forms from '../../helpers/dump-forms.js';
import { goldenFrame } from '../../helpers/golden-frames.js';
import { ipPacket, links } from '../../helpers/packets.js';
import { createStream, joined, registerFrame, streamReply } from '../../helpers/sample-frames.js';

const frame = registerFrame();
const packet = ipPacket({
  from: ['127.0.0.1', 50_000],
  to: ['127.0.0.1', 8090],
  sequence: 1,
  data: frame,
});

const tenForms: Readonly<Record<string, string>> = {
  'hex stream': forms.plainHex(frame),
  xxd: forms.xxd(frame),
  'hexdump -C': forms.hexdumpCanonical(frame),
  hexdump: forms.hexdumpWords(frame),
  'od -Ax -tx1 -v': forms.odHex(frame),
  'tcpdump -x': forms.tcpdump(packet),
  'tcpdump -X': forms.tcpdump(packet, { text: true }),
  'Wireshark hex dump': forms.wiresharkDump(frame),
  'C array': forms.cArray(frame),
  base64: forms.base64(frame),
};

const furtherForms: Readonly<Record<string, string>> = {
  'od -tx1z': forms.odOctal(frame),
  'escaped string': forms.escapedString(frame),
  'JSON array': JSON.stringify([...frame]),
  'Node Buffer': JSON.stringify(Buffer.from(frame)),
  'URL-safe base64': Buffer.from(frame).toString('base64url'),
  'Wireshark dump of a packet': forms.wiresharkDump(links.ethernet.wrap(packet)),
  'tcpdump -xx': forms.tcpdump(links.ethernet.wrap(packet)),
  'tcpdump without header line': forms.tcpdump(packet, { header: '' }),
  'tcpdump of bytes only': forms.tcpdump(frame, { header: '' }),
  'C string': `const char data[] = ${forms.escapedString(frame)};`,
  'colon-separated': forms.plainHex(frame).replace(/(..)(?=.)/g, '$1:'),
  '0x list': [...frame].map((byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(', '),
  'unbroken 0x': [...frame].map((byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(''),
  'upper case': forms.plainHex(frame).toUpperCase(),
  'lines with carriage returns': forms.xxd(frame).replace(/\n/g, '\r\n'),
  'a byte order mark': `\ufeff${forms.plainHex(frame)}`,
};

describe('input forms', () => {
  const expected = withoutInput(decodeAll(frame).frames[0] ?? fail());

  for (const [name, text] of Object.entries(tenForms)) {
    it(`06-S40 reads ${name} to the same JSON, whole or in pieces`, () => {
      const whole = decodeAll(text).frames.map(withoutInput);
      expect(whole).toEqual([expected]);
      expect(decodeAll(text, { pieces: [1, 7, 30] }).frames.map(withoutInput)).toEqual(whole);
    });
  }

  for (const [name, text] of Object.entries(furtherForms)) {
    it(`reads ${name} to the same JSON`, () => {
      const { frames } = decodeAll(text, { pieces: [61] });
      expect(frames.map(withoutInput)).toEqual([expected]);
    });
  }

  it('reads UTF-16 text as shells of Windows write it', () => {
    const text = Buffer.from(`\ufeff${forms.xxd(frame)}`, 'utf16le');
    expect(decodeAll(text, { pieces: [5, 8] }).frames.map(withoutInput)).toEqual([expected]);
  });

  it('reads every form when it is named', () => {
    const named = [
      ['hex', tenForms['hex stream']],
      ['xxd', tenForms['xxd']],
      ['hexdump', tenForms['hexdump']],
      ['od', furtherForms['od -tx1z']],
      ['tcpdump', tenForms['tcpdump -X']],
      ['wireshark', tenForms['Wireshark hex dump']],
      ['wireshark', tenForms['C array']],
      ['wireshark', tenForms['base64']],
      ['wireshark', furtherForms['escaped string']],
      ['c', tenForms['C array']],
      ['json', furtherForms['Node Buffer']],
      ['base64', tenForms['base64']],
    ] as const;
    for (const [form, text = ''] of named) {
      expect(decodeAll(text, { form }).frames.map(withoutInput), form).toEqual([expected]);
    }
    expect(decodeAll(frame, { form: 'binary' }).frames.map(withoutInput)).toEqual([expected]);
  });
});

describe('dumps', () => {
  it('06-S41 expands the * line of a hexdump', () => {
    const text = forms.hexdumpCanonical(goldenFrame(2));
    expect(text).toContain('\n*\n');
    const { frames, partials } = decodeAll(text);
    expect(partials).toEqual([]);
    expect(frames.map((each) => each.length)).toEqual([256]);
    expect(decodeAll(text.replace(/\n0+100\n$/, '\n')).partials).toHaveLength(1);
  });

  it('06-S42 does not take a gutter that looks like bytes for bytes', () => {
    const bytes = createStream('deadbeef cafe 00 11 22 33 44 55 66 77 88 99 aa bb cc dd');
    const dumps = [
      ...[forms.xxd(bytes), forms.hexdumpCanonical(bytes), forms.odOctal(bytes)],
      ...[forms.wiresharkDump(bytes), forms.tcpdump(bytes, { header: '', text: true })],
    ];
    for (const text of dumps) {
      const body = decodeAll(text).frames[0]?.body_hex;
      expect(body, text).toBe(Buffer.from(bytes.subarray(256)).toString('hex'));
    }
  });

  it('reads a followed stream with both sides, as hex dump and as C arrays', () => {
    const [ask, answer] = [createStream('a'), streamReply('a')];
    const dump =
      forms.followDump(ask.subarray(0, 100), { start: 0, other: false }) +
      forms.followDump(answer.subarray(0, 90), { start: 0, other: true }) +
      forms.followDump(ask.subarray(100), { start: 100, other: false }) +
      forms.followDump(answer.subarray(90), { start: 90, other: true });
    const arrays = [
      forms.cArray(ask, 'peer0_0'),
      forms.cArray(answer.subarray(0, 200), 'peer1_0'),
      forms.cArray(ask, 'peer0_1'),
      forms.cArray(answer.subarray(200), 'peer1_1'),
    ].join('\n');
    expect(decodeAll(dump).frames.map((each) => each.command.name)).toEqual(['Request', 'Reply']);
    expect(decodeAll(arrays).frames.map((each) => each.command.name)).toEqual([
      ...['Request', 'Request', 'Reply'],
    ]);
  });

  it('joins packets of one connection by their sequence numbers', () => {
    const both = joined([createStream('a'), createStream('b', 2n)]);
    const part = (start: number, end: number) =>
      ipPacket({
        from: ['10.0.0.1', 40_000],
        to: ['10.0.0.2', 8090],
        sequence: 1000 + start,
        data: both.subarray(start, end),
      });
    const text = [
      forms.tcpdump(part(300, both.length)),
      forms.tcpdump(part(0, 120)),
      forms.tcpdump(part(100, 310), { header: '12:34:58.000001 IP 10.0.0.1.40000 > …' }),
    ].join('');
    const { frames } = decodeAll(text);
    expect(frames.map((each) => each.body?.['name'])).toEqual(['a', 'b']);
    expect(frames.map((each) => each.time)).toEqual([null, null]);
  });

  it('refuses a * that stands for an absurd number of bytes', () => {
    const text = '00000000  00 00 00 00  |....|\n*\nffffffffffff\n';
    const absurd = /line 1, .* stands for 281474976710655 bytes, more than a frame can have/;
    expect(() => decodeAll(text, { form: 'hexdump' })).toThrow(absurd);
  });
});

describe('input that cannot be read', () => {
  const problems: readonly (readonly [name: string, text: string, where: RegExp])[] = [
    ['letters', 'zz\n', /line 1, column 1: "z" is not a hexadecimal digit/],
    ['an odd digit', '0e00\n0e0 01', /line 2, column 3: .*odd/],
    ['a cut 0x', '0x0e 0x123', /line 1, column 10/],
    ['a number above 255', '[1, 2,\n 256]', /line 2, column 4: a byte is at most 255/],
    ['an unfinished list', '[1, 2', /json: line 1, column 5/],
    ['another object', '{"type":"Blob","data":[]}', /"type" must be "Buffer"/],
    ['a gap in a dump', '00000000: 0e00\n00000010: 0e00\n', /16 bytes up to the next offset/],
    ['a C value', 'char a[] = { 0x01, 300 };', /line 1, column 20: "300" is not a byte/],
  ];
  for (const [name, text, where] of problems) {
    it(`points at ${name}`, () => {
      expect(() => decodeAll(text)).toThrow(DecodeInputError);
      expect(() => decodeAll(text)).toThrow(where);
    });
  }

  it('says that there is nothing', () => {
    expect(() => decodeAll('')).toThrow('the input is empty');
  });
});

function fail(): never {
  throw new Error('no frame was decoded');
}
