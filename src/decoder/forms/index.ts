import { PcapParser } from '../capture/pcap.js';
import { PcapngParser } from '../capture/pcapng.js';
import { Base64Parser } from './base64.js';
import { binaryParser } from './binary.js';
import { CSourceParser } from './c-source.js';
import { DumpParser, hexdumpStyle, odStyle, wiresharkStyle, xxdStyle } from './dump.js';
import type { FormName, FormParser, FormSink } from './form.js';
import { HexTextParser } from './hex-text.js';
import { JsonBytesParser } from './json-bytes.js';
import { sniffForm } from './sniff.js';
import { TcpdumpParser } from './tcpdump.js';

/**
 * A parser for `form`. `prefix` is the start of the input: `wireshark` is a family of forms, told
 * apart by it.
 */
export function createFormParser(form: FormName, sink: FormSink, prefix: Uint8Array): FormParser {
  switch (form) {
    case 'hex':
      return new HexTextParser(sink);
    case 'xxd':
      return new DumpParser(sink, xxdStyle);
    case 'hexdump':
      return new DumpParser(sink, hexdumpStyle);
    case 'od':
      return new DumpParser(sink, odStyle);
    case 'tcpdump':
      return new TcpdumpParser(sink);
    case 'wireshark':
      return wiresharkParser(sink, prefix);
    case 'c':
      return new CSourceParser(sink);
    case 'json':
      return new JsonBytesParser(sink);
    case 'base64':
      return new Base64Parser(sink);
    case 'binary':
      return binaryParser(sink);
    case 'pcap':
      return new PcapParser(sink);
    case 'pcapng':
      return new PcapngParser(sink);
  }
}

function wiresharkParser(sink: FormSink, prefix: Uint8Array): FormParser {
  const form = sniffForm(prefix, { whole: false });
  if (form === 'c' || form === 'base64') return createFormParser(form, sink, prefix);
  if (form === 'hex') return new HexTextParser(sink, 'wireshark');
  const quoted = prefix.find((byte) => byte > 0x20) === 0x22;
  if (quoted) return new HexTextParser(sink, 'wireshark');
  return new DumpParser(sink, wiresharkStyle);
}
