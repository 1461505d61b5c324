import { Flags } from '@oclif/core';
import { isIggyctlError } from '../../base/index.js';
import { mutationFlags } from '../../cli/flags.js';
import { notFound } from '../../cli/not-found.js';
import { asMember } from '../../cli/offset/as-member.js';
import {
  kindFlag,
  neededPartition,
  type OffsetTarget,
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
    const label = `${target.label}/${partition}`;
    const who = `${target.isGroup ? 'group' : 'consumer'} ${target.consumer}`;
    const change = { action: 'consumer_offset.delete', target: label };
    if (this.isDryRun) {
      await this.mutate('delete_consumer_offset', wireTarget(target, partition));
      return;
    }
    const client = await this.client();
    const before = await client.offsets.get(placeOf(target, partition), { signal: this.signal });
    const stored = before?.stored_offset;
    // Any node answers a read, and may not have heard of the newest offset yet: only the answer to the
    // request itself says that there is none.
    const upTo = stored === undefined ? '' : ` up to offset ${stored}`;
    await this.confirm(`Forget that ${who} has read ${label}${upTo}?`);
    const raw = await asMember(client, target, this.signal, () => this.#forget(target, partition));
    if (raw === undefined) {
      const text = `${who} has no stored offset in ${label}`;
      return this.out.object(changeResult({ ...change, changed: false, text }));
    }
    const text = `${who} has no stored offset in ${label} any more`;
    const fields = { before: { stored_offset: stored ?? null }, after: { stored_offset: null } };
    this.out.object(changeResult({ ...change, changed: true, text, raw, ...fields }));
  }

  /** The reply; nothing when there was no offset and that is as good. */
  async #forget(target: OffsetTarget, partition: number) {
    try {
      return (await this.mutate('delete_consumer_offset', wireTarget(target, partition))).raw;
    } catch (error) {
      if (!isNoOffset(error)) throw error;
      if (this.flags['if-exists']) return undefined;
      const who = `${target.isGroup ? 'group' : 'consumer'} ${target.consumer}`;
      const server = { code: offsetNotFound, name: 'consumer_offset_not_found' };
      const hint = `iggyctl consumer-offset get ${target.consumer} ${target.label}`;
      throw notFound(`an offset of ${who} in ${target.label}/${partition}`, server, hint);
    }
  }
}

const offsetNotFound = 3021;

function isNoOffset(error: unknown): boolean {
  return isIggyctlError(error) && error.details['serverCode'] === offsetNotFound;
}
