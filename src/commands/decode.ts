import { Args, Command, Flags, loadHelpClass } from '@oclif/core';
import { type DecodeFlag, decodeFlags, decodeFormats } from '../cli/decode/flags.data.js';
import { nodeIo } from '../cli/decode/node-io.js';
import { type DecodeFlags, decodeRequest } from '../cli/decode/request.js';
import { asCliError, reportFailure, runDecode } from '../cli/decode/run-decode.js';
import { exitCodes } from '../cli/exit-codes.js';

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

export default class Decode extends Command {
  static override summary = 'Explain frames: from hex text, dumps, captures or raw bytes.';
  static override description =
    'Reads the arguments, the files given with --file, or standard input, in any form that dump ' +
    'and capture tools write, and shows what every byte means.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --framing request 0e0000000100000007000000000000006869',
    '<%= config.bin %> <%= command.id %> --file capture.pcap --pair --json',
    'tcpdump -i lo -w - port 8090 | <%= config.bin %> <%= command.id %> --follow -',
  ];
  static override args = {
    hex: Args.string({ description: 'Bytes as text, in any form; - reads standard input.' }),
  };
  static override strict = false;
  static override flags = {
    ...Object.fromEntries(decodeFlags.map((flag) => [flag.name, frameworkFlag(flag)])),
    output: Flags.string({
      char: 'o',
      options: [...decodeFormats],
      summary: 'Output format.',
      helpGroup: 'Output',
    }),
    json: Flags.boolean({ summary: 'Same as --output json.', helpGroup: 'Output' }),
    quiet: Flags.boolean({ char: 'q', summary: 'Only count.', helpGroup: 'Output' }),
    color: Flags.string({
      options: ['auto', 'always', 'never'],
      summary: 'When to colour.',
      helpGroup: 'Output',
    }),
  };

  override async run(): Promise<void> {
    const io = nodeIo();
    let json = this.argv.includes('--json');
    try {
      const parsed = await this.parse(Decode);
      const flags = parsed.flags as DecodeFlags;
      json = flags.json === true || flags.output === 'json' || flags.output === 'ndjson';
      const request = decodeRequest(flags, parsed.argv.map(String), io);
      if (request.sources.length === 0) {
        await this.#showHelp();
        process.exitCode = exitCodes.usage;
        return;
      }
      process.exitCode = await runDecode(request, io);
    } catch (error) {
      process.exitCode = reportFailure(asCliError(error), { json }, io);
    } finally {
      io.dispose();
    }
    if (process.exitCode === exitCodes.interrupted) process.exit(exitCodes.interrupted);
  }

  /** Without anything to read, the help goes to standard error: standard output is for results. */
  async #showHelp(): Promise<void> {
    const Help = await loadHelpClass(this.config);
    const help = new Help(this.config, { sendToStderr: true });
    await help.showHelp(['decode']);
  }
}
