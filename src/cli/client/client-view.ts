import type { Pair } from '../../render/index.js';
import { type ClientDetails, type ClientRecord, noUser, transportKind } from '../../wire/index.js';
import type { Fields, ListColumn } from '../output/result.js';

/** A connected client as it is shown. */
export function clientFields(client: ClientRecord | ClientDetails) {
  return {
    client_id: client.client_id,
    user_id: client.user_id === noUser ? null : client.user_id,
    address: client.address,
    transport: transportKind.nameOf(client.transport),
    consumer_groups_count: client.consumer_groups_count,
    consumer_groups:
      'consumer_groups' in client ? client.consumer_groups.map((group) => ({ ...group })) : [],
  } satisfies Fields;
}

type ClientFields = ReturnType<typeof clientFields>;

export function clientPairs(client: ClientFields): readonly Pair[] {
  return [
    { label: 'Client ID', value: client.client_id },
    { label: 'User ID', value: client.user_id },
    { label: 'Address', value: client.address },
    { label: 'Transport', value: client.transport },
    { label: 'Consumer groups', value: client.consumer_groups_count },
  ];
}

export const clientColumns: readonly ListColumn<ClientFields>[] = [
  { key: 'client_id', title: 'Client ID', align: 'right' },
  { key: 'user_id', title: 'User ID', align: 'right' },
  { key: 'address', title: 'Address' },
  { key: 'transport', title: 'Transport' },
  { key: 'consumer_groups_count', title: 'Consumer groups', align: 'right' },
];
