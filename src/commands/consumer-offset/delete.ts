import { Flags } from '@oclif/core';
import { mutationFlags } from '../../cli/flags.js';
import { notFound } from '../../cli/not-found.js';
import { asMember } from '../../cli/offset/as-member.js';
import {
  kindFlag,
  neededPartition,
  offsetArgs,
  placeOf,
  takeOffset,
  wireTarget,
} from '../../cli/offset/offset-target.js';
import { changeResult } from '../../cli/output/change.js';
import { ServerCommand } from '../../cli/server-command.js';
import { refuseMore } from '../../cli/topic/topic-target.js';

export default class ConsumerOffsetDelete extends ServerCommand<typeof ConsumerOffsetDelete> {
  static override summary = 'Forget a stored offset: the next poll starts at the first message.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> billing shop orders 0 --yes',
    '<%= config.bin %> <%= command.id %> workers shop/orders/0 -k consumer-group --yes',
  ];
  static override resultKind = 'change';
  static override strict = false;
  static override args = offsetArgs;
  static override flags = {
    ...mutationFlags,
    ...kindFlag,
    'if-exists': Flags.boolean({ summary: 'Succeed when none is stored.' }),
  };

  protected override async execute(): Promise<void> {
    const target = takeOffset(this.words, this.flags.kind);
    refuseMore(target.rest);
    const partition = neededPartition(target);
    const request = wireTarget(target, partition);
    const label = `${target.label}/${partition}`;
    const who = `${target.isGroup ? 'group' : 'consumer'} ${target.consumer}`;
    const change = { action: 'consumer_offset.delete', target: label };
    if (this.isDryRun) {
      await this.mutate('delete_consumer_offset', request);
      return;
    }
    const client = await this.client();
    const before = await client.offsets.get(placeOf(target, partition), { signal: this.signal });
    if (before === null) {
      if (!this.flags['if-exists']) {
        const server = { code: 3021, name: 'consumer_offset_not_found' };
        const hint = `iggyctl consumer-offset get ${target.consumer} ${target.label}`;
        throw notFound(`an offset of ${who} in ${label}`, server, hint);
      }
      const text = `${who} has no stored offset in ${label}`;
      return this.out.object(changeResult({ ...change, changed: false, text }));
    }
    const { stored_offset: stored } = before;
    await this.confirm(`Forget that ${who} has read ${label} up to offset ${stored}?`);
    const { raw } = await asMember(client, target, this.signal, () =>
      this.mutate('delete_consumer_offset', request),
    );
    const text = `${who} has no stored offset in ${label} any more`;
    const fields = { before: { stored_offset: stored }, after: { stored_offset: null } };
    this.out.object(changeResult({ ...change, changed: true, text, raw, ...fields }));
  }
}
