import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { bodyFields, exampleOf } from '../../cli/request/body-layout.js';
import { findRequest } from '../../cli/request/find-request.js';
import { requestFields } from '../../cli/request/request-fields.js';
import { renderRecord, renderTable, toJson } from '../../render/index.js';

export default class RequestDescribe extends BaseCommand<typeof RequestDescribe> {
  static override summary = 'Show the body layout of a command of the protocol.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> stream.create',
    '<%= config.bin %> <%= command.id %> 200 --json',
  ];
  static override resultKind = 'command';
  static override usesSettings = false;
  static override args = { name: Args.string({ required: true, description: 'Name or code.' }) };

  protected override async execute(): Promise<void> {
    const spec = findRequest(this.args.name);
    const fields = requestFields(spec);
    const body = bodyFields(spec.request);
    const example = exampleOf(spec.request);
    const columns = [
      { key: 'name', title: 'Field' },
      { key: 'type', title: 'Type' },
      { key: 'meaning', title: 'Meaning' },
    ];
    const { width } = this.out.options;
    const pairs = Object.entries(fields).map(([label, value]) => ({ label, value }));
    const table = body.length === 0 ? 'no body' : renderTable(columns, body, { width });
    const text = `${renderRecord(pairs, { width })}\n\n${table}\n\nexample: ${toJson(example)}`;
    this.out.object({ kind: 'command', value: { ...fields, body, example }, text });
  }
}
