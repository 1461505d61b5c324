import { describe, expect, it } from 'vitest';
import {
  codeForOperation,
  commandCodeInfo,
  commandCodeName,
  commandCodes,
  EvictionReason,
  evictionErrorCode,
  evictionReasonInfo,
  isClientAllowed,
  isInternalOperation,
  isMetadataOperation,
  isMetadataPlane,
  isOperation,
  isPartitionOperation,
  isResultFramed,
  isTransientCode,
  isVsrReserved,
  Operation,
  operationForCode,
  operationName,
  parseVersion,
  replicatedAs,
  requestHeaderRule,
  ServerError,
  serverErrorByCode,
  serverErrorByName,
  serverErrorName,
  serverErrors,
  unpackVersion,
} from '../../../src/wire/index.js';
import { golden } from '../helpers/golden.js';

interface OperationRow {
  readonly value: number;
  readonly name: string;
  readonly command_code: number | null;
  readonly internal: boolean;
  readonly metadata: boolean;
  readonly partition: boolean;
  readonly vsr_reserved: boolean;
  readonly result_framed: boolean;
  readonly metadata_plane: boolean;
  readonly client_allowed: boolean;
}
interface CodeRow {
  readonly code: number;
  readonly name: string;
  readonly constant: string;
  readonly operation: number | null;
  readonly sent_as_operation: number;
}
const { operations, command_codes } = golden<{
  readonly operations: readonly OperationRow[];
  readonly command_codes: readonly CodeRow[];
}>('operations.json');

describe('operations', () => {
  it('have the values and classes of the protocol', () => {
    expect(Object.entries(Operation)).toEqual(operations.map((each) => [each.name, each.value]));
    for (const row of operations) {
      expect(
        {
          internal: isInternalOperation(row.value),
          metadata: isMetadataOperation(row.value),
          partition: isPartitionOperation(row.value),
          vsr_reserved: isVsrReserved(row.value),
          result_framed: isResultFramed(row.value),
          metadata_plane: isMetadataPlane(row.value),
          client_allowed: isClientAllowed(row.value),
        },
        row.name,
      ).toEqual({
        internal: row.internal,
        metadata: row.metadata,
        partition: row.partition,
        vsr_reserved: row.vsr_reserved,
        result_framed: row.result_framed,
        metadata_plane: row.metadata_plane,
        client_allowed: row.client_allowed,
      });
    }
  });

  it('are undefined in every gap', () => {
    const defined = new Set(operations.map((each) => each.value));
    for (let value = 0; value < 256; value++) expect(isOperation(value)).toBe(defined.has(value));
    expect(operationName(77)).toBe('unknown(77)');
  });

  it('are replicated as themselves but for three', () => {
    expect(replicatedAs(Operation.CreateTopic)).toBe(Operation.CreateTopicWithAssignments);
    expect(replicatedAs(Operation.CreatePartitions)).toBe(
      Operation.CreatePartitionsWithAssignments,
    );
    expect(replicatedAs(Operation.DeleteSegments)).toBe(Operation.TruncatePartition);
    expect(replicatedAs(Operation.NonReplicated)).toBeUndefined();
    expect(replicatedAs(Operation.Register)).toBe(Operation.Register);
  });
});

describe('command codes', () => {
  it('are those of the protocol, each with the operation it is sent as', () => {
    expect(
      commandCodes.map(({ code, dispatchName, constant }) => [code, dispatchName, constant]),
    ).toEqual(command_codes.map(({ code, name, constant }) => [code, name, constant]));
    for (const row of command_codes) {
      expect(operationForCode(row.code), row.name).toBe(row.sent_as_operation);
      expect(commandCodeName(row.code)).toBe(row.name);
    }
    for (const row of operations) {
      if (row.command_code === null) continue;
      expect(codeForOperation(row.value as Operation), row.name).toBe(row.command_code);
    }
  });

  it('are NonReplicated when unknown, and have no name', () => {
    expect(operationForCode(9999)).toBe(Operation.NonReplicated);
    expect(commandCodeInfo(9999)).toBeUndefined();
    expect(() => commandCodeName(9999)).toThrow(/no command has the code 9999/);
  });

  it('say how the request header is filled in', () => {
    expect(requestHeaderRule(40)).toMatchObject({
      request: 'zero',
      session: 'zero',
      stamped: true,
    });
    expect(requestHeaderRule(39)).toMatchObject({
      operation: Operation.Logout,
      request: 'next',
      session: 'bound',
    });
    expect(requestHeaderRule(503)).toMatchObject({ request: 'next', stamped: true });
    expect(requestHeaderRule(121)).toMatchObject({ request: 'current', stamped: false });
    expect(requestHeaderRule(1)).toMatchObject({ session: 'bound-or-zero', carriesCode: true });
  });
});

describe('eviction reasons', () => {
  interface ReasonRow {
    readonly value: number;
    readonly name: string;
    readonly client_error_code: number;
  }

  it('have the values and the error codes of the protocol', () => {
    const { reasons } = golden<{ readonly reasons: readonly ReasonRow[] }>('eviction-reasons.json');
    expect(Object.entries(EvictionReason)).toEqual(reasons.map((each) => [each.name, each.value]));
    for (const { value, name, client_error_code: code } of reasons) {
      expect(evictionReasonInfo(value)?.name).toBe(name);
      expect(evictionErrorCode(value), name).toBe(code);
    }
  });

  it('count as unauthenticated when undefined or when the window makes no sense', () => {
    expect(evictionErrorCode(200)).toBe(40);
    expect(evictionErrorCode(14, { min: 0, max: 5 })).toBe(40);
    expect(evictionErrorCode(14, { min: 6, max: 5 })).toBe(40);
    expect(evictionErrorCode(14, { min: 5, max: 5 })).toBe(14003);
  });
});

describe('server errors', () => {
  it('are those of the protocol', () => {
    const rows = golden<readonly { readonly code: number; readonly name: string }[]>('errors.json');
    expect(serverErrors().map(({ code, name }) => [code, name])).toEqual(
      rows.map(({ code, name }) => [code, name]),
    );
    expect(new Set(serverErrors().map((each) => each.code)).size).toBe(serverErrors().length);
  });

  it('can be looked up both ways', () => {
    expect(serverErrorByCode(57)?.name).toBe('transient_not_committed');
    expect(serverErrorByName('transient_not_accepted')?.code).toBe(58);
    expect(serverErrorName(99999)).toBe('unknown_error_99999');
    expect(serverErrorByCode(0)).toBeUndefined();
    for (const code of Object.values(ServerError)) expect(serverErrorByCode(code)).toBeDefined();
    expect([56, 57, 58, 59].map(isTransientCode)).toEqual([false, true, true, false]);
  });
});

describe('protocol versions', () => {
  it('pack into one number and back', () => {
    expect(parseVersion('0.11.0-edge.4')).toBe(11264);
    expect(parseVersion('1.2.3+build')).toBe(1 * 2 ** 20 + 2 * 1024 + 3);
    expect(unpackVersion(11264)).toEqual({ major: 0, minor: 11, patch: 0 });
  });

  it('refuse what is no version', () => {
    for (const text of ['', '1.2', 'v1.2.3', '1.1024.0']) {
      expect(() => parseVersion(text)).toThrow(/not a protocol version/);
    }
    expect(() => unpackVersion(2 ** 30)).toThrow(/not a packed version/);
  });
});
