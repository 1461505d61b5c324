import { emptyPermissioner, type Snapshot, valueKinds } from '../../../src/wire/index.js';

export const never = (1n << 64n) - 1n;
const client = 0x0102_0304_0506_0708_090a_0b0c_0d0e_0f10n;
export const reply = new Uint8Array(300).fill(5);
export const header = new Uint8Array(256).fill(6);

const all = (value: boolean) => ({
  manage_servers: value,
  read_servers: value,
  manage_users: value,
  read_users: value,
  manage_streams: value,
  read_streams: value,
  manage_topics: value,
  read_topics: value,
  poll_messages: value,
  send_messages: value,
});

const streamRights = {
  manage_stream: false,
  read_stream: true,
  manage_topics: false,
  read_topics: false,
  poll_messages: true,
  send_messages: false,
};
const topicRights = {
  manage_topic: true,
  read_topic: false,
  poll_messages: true,
  send_messages: false,
};
const stats = { size_bytes: 0n, messages_count: 0n, segments_count: 0 };

/** A snapshot in which everything that one can hold occurs. */
export const fullSnapshot: Snapshot = {
  version: 3,
  created_at: 1_755_770_400_123_456n,
  sequence_number: 70_000n,
  users: {
    users: [
      {
        id: 7,
        user: {
          id: 7,
          username: 'żółw',
          password_hash: '$argon2id$…',
          status: 'inactive',
          created_at: 300n,
          permissions: {
            global: all(true),
            streams: [
              {
                stream_id: 70_000,
                permissions: streamRights,
                topics: [{ topic_id: 300, permissions: topicRights }],
              },
            ],
          },
          options: [],
        },
      },
    ],
    tokens: [
      {
        user_id: 7,
        tokens: [
          { name: 'ci', token: { user_id: 7, name: 'ci', hash: 'ab'.repeat(32), expiry_at: null } },
        ],
      },
    ],
    permissioner: emptyPermissioner,
  },
  streams: {
    streams: [
      {
        id: 0,
        stream: {
          id: 0,
          name: 'first',
          created_at: 1n,
          stats,
          topics: [
            {
              id: 1,
              topic: {
                id: 1,
                name: 'orders',
                created_at: 2n,
                message_expiry: never,
                compression: 'none',
                max_topic_size: never,
                stats,
                partitions: [
                  {
                    id: 0,
                    consensus_group_id: 1n << 40n,
                    created_at: 2n,
                    created_revision: 9n,
                    deleted_up_to_offset: 0n,
                    purge_generation: 1n,
                  },
                ],
                groups: [
                  {
                    id: 4,
                    group: {
                      id: 4,
                      generation: 8n,
                      name: 'workers',
                      members: [
                        {
                          id: 0,
                          member: {
                            id: 0,
                            client_id: client,
                            partitions: [0, 2],
                            pending_revocations: [
                              { partition: 2, target_member: 1, created_at: 77n },
                            ],
                          },
                        },
                      ],
                    },
                  },
                ],
                next_group_id: 5,
                options: [
                  {
                    key: 'enforce_fsync',
                    kind: valueKinds.bool,
                    value: true,
                    explicit: true,
                  },
                  {
                    key: 'segment_size',
                    kind: valueKinds.uint64,
                    value: 1_073_741_824n,
                    explicit: false,
                  },
                ],
              },
            },
          ],
          options: [],
        },
      },
    ],
    revision: 12n,
  },
  client_table: {
    entries: [
      {
        slot: 3,
        entry: {
          client_id: client,
          epoch: 41n,
          user_id: 7,
          watermark: 6n,
          watermark_checksum: 0xabcdn,
          reply,
        },
      },
    ],
  },
  writer_release: 9000,
  extension: {
    next_user_id: 8,
    commit_header: header,
    sessions: [{ slot: 3, origin: 40n, replies: [reply, reply] }],
    retired: [
      {
        client_id: client + 1n,
        user_id: 7,
        watermark: 2n,
        watermark_checksum: 0n,
        origin: 5n,
        latest_commit: 9n,
        reply: null,
      },
    ],
  },
};
