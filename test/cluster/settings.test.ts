import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClusterSettings, nearestSettings, parseDuration } from '../../src/cluster/index.js';

const from = (name: string, value: string) =>
  new ClusterSettings([{ name, value, origin: '--set' }]);

describe('ClusterSettings', () => {
  it('has the defaults of the product', () => {
    const settings = new ClusterSettings();

    expect(settings.number('cluster.heartbeat_timeout')).toBe(5000);
    expect(settings.number('cluster.commit_broadcast_interval')).toBe(500);
    expect(settings.text('session.request_policy')).toBe('watermark');
    expect(settings.number('session.retired_max')).toBe(65_536);
    expect(settings.number('metadata.clients_table_max')).toBe(8192);
    expect(settings.number('metadata.prepare_queue_depth')).toBe(32);
    expect(settings.number('metadata.journal_slots')).toBe(1024);
    expect(settings.text('partition.ack')).toBe('fsync');
    expect(settings.isOn('heartbeat.enabled')).toBe(true);
    expect(settings.port('websocket.port')).toBeUndefined();
    expect(settings.text('advertise.host')).toBe('');
  });

  it('takes the last source that names a setting and tells its origin', () => {
    const settings = new ClusterSettings([
      { name: 'heartbeat.interval', value: '10s', origin: 'cluster.toml' },
      { name: 'heartbeat.interval', value: '1m', origin: '--set' },
    ]);

    expect(settings.number('heartbeat.interval')).toBe(60_000);
    expect(settings.list().find(({ name }) => name === 'heartbeat.interval')).toMatchObject({
      value: '1m',
      origin: '--set',
    });
    expect(settings.list().find(({ name }) => name === 'partition.ack')?.origin).toBe('default');
  });

  it('names the nearest setting for an unknown one', () => {
    expect(() => from('session.request_polcy', 'strict')).toThrow(
      expect.objectContaining({
        code: 'SETTING_UNKNOWN',
        message: expect.stringContaining('session.request_policy'),
        details: expect.objectContaining({
          nearest: expect.arrayContaining(['session.request_policy']),
        }),
      }),
    );
    expect(nearestSettings('completely different')).toEqual([]);
  });

  it.each([
    ['cluster.heartbeat_timeout', '1s'],
    ['cluster.heartbeat_timeout', '5'],
    ['session.request_policy', 'loose'],
    ['metadata.prepare_queue_depth', '128'],
    ['metadata.prepare_queue_depth', '1.5'],
    ['metadata.clients_table_max', '-1'],
    ['heartbeat.enabled', 'maybe'],
    ['websocket.port', '65536'],
    ['partition.ack', ''],
  ])('refuses %s = %s and says what it expects', (name, value) => {
    expect(() => from(name, value)).toThrow(
      expect.objectContaining({
        code: 'SETTING_INVALID',
        details: expect.objectContaining({ name, value, expected: expect.any(String) }),
      }),
    );
  });

  it('reads ports and switches', () => {
    expect(from('websocket.port', '0').port('websocket.port')).toBe(0);
    expect(from('websocket.port', 'off').port('websocket.port')).toBeUndefined();
    expect(from('heartbeat.enabled', 'off').isOn('heartbeat.enabled')).toBe(false);
    expect(from('advertise.tcp', '443').port('advertise.tcp')).toBe(443);
  });
});

describe('parseDuration', () => {
  it.each([
    ['500ms', 500],
    ['5s', 5000],
    ['1.5s', 1500],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['0', 0],
  ])('reads %s as %i ms', (text, millis) => {
    expect(parseDuration(text)).toBe(millis);
  });

  it('gives nothing, and throws nothing, for other texts', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const millis = parseDuration(text);
        expect(millis === undefined || millis >= 0).toBe(true);
      }),
    );
  });
});
