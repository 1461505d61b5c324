import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import { type DecodeFlag, decodeFlags } from '../cli/decode/flags.data.js';
import { nodeIo } from '../cli/decode/node-io.js';
import { type DecodeFlags, decodeRequest } from '../cli/decode/request.js';
import { asCliError, runDecode } from '../cli/decode/run-decode.js';

/** A flag of the table as the command framework wants it. */
function frameworkFlag(flag: DecodeFlag) {
  const { summary, char, group: helpGroup, options, value = 'VALUE' } = flag;
  const common = { summary, helpGroup, ...(char === undefined ? {} : { char: char as 'f' }) };
  if (flag.type === 'boolean') {
    return Flags.boolean({ ...common, allowNo: flag.onByDefault === true });
  }
  if (flag.type === 'integer') {
    const { min = 0, max = Number.MAX_SAFE_INTEGER } = flag;
    const integer = { ...common, min, max, helpValue: value };
    return flag.multiple ? Flags.integer({ ...integer, multiple: true }) : Flags.integer(integer);
  }
  const text = options === undefined ? { helpValue: value } : { options: [...options] };
  const string = { ...common, ...text };
  return flag.multiple ? Flags.string({ ...string, multiple: true }) : Flags.string(string);
}

export default class Decode extends BaseCommand<typeof Decode> {
  static override summary = 'Explain frames: from hex text, dumps, captures or raw bytes.';
  static override description =
    'Reads the arguments, the files given with --file, or standard input, in any form in which ' +
    'dump and capture tools write bytes, and shows what every byte means. To watch a server: ' +
    'tcpdump -i lo -U -w - port 8090 | iggyctl decode --pair -';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --framing request 0e0000000100000007000000000000006869',
    '<%= config.bin %> <%= command.id %> --framing response --json 28000000080000000700000000000000',
  ];
  static override args = {
    hex: Args.string({
      description: 'Bytes as text, in any form; - reads standard input.',
      // The framework would take piped input for this argument, and read it as text.
      ignoreStdin: true,
    }),
  };
  static override strict = false;
  static override flags = Object.fromEntries(
    decodeFlags.map((flag) => [flag.name, frameworkFlag(flag)]),
  );
  static override resultKind = 'frame|decode.summary';
  static override usesSettings = false;
  static override stopsItself = true;

  protected override async execute(): Promise<void> {
    const io = nodeIo();
    try {
      const request = decodeRequest(this.flags as DecodeFlags, this.words, io);
      if (request.sources.length > 0) this.exitWith(await runDecode(request, io));
      else await this.#showHelp();
    } catch (error) {
      throw asCliError(error);
    } finally {
      io.dispose();
    }
    // A read that is still waiting for input must not keep the process.
    if (this.interruptedBy !== undefined) process.exit(process.exitCode);
  }

  /** Without anything to read, the help goes to standard error: standard output is for results. */
  async #showHelp(): Promise<void> {
    const { showHelp } = await import('../cli/run/help.js');
    await showHelp('decode', this.config.options.root, true);
    this.exitWith('usage');
  }
}
