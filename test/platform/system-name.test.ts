import { type, version } from 'node:os';
import { describe, expect, it } from 'vitest';
import { readOsRelease, systemName } from '../../src/platform/system-name.js';

describe('name of the operating system', () => {
  it('is that of the distribution, as official servers give it', () => {
    const text =
      'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\n';
    expect(readOsRelease(text)).toEqual({
      name: 'Debian GNU/Linux',
      version: 'Linux (Debian GNU/Linux 12)',
    });
  });

  it('does without quotes and without a version', () => {
    expect(readOsRelease('# a comment\nNAME=Arch\n')).toEqual({
      name: 'Arch',
      version: 'Linux (Arch)',
    });
    expect(readOsRelease("NAME='Void'\n")?.name).toBe('Void');
  });

  it('is nothing where no name is given', () => {
    expect(readOsRelease('')).toBeUndefined();
    expect(readOsRelease('NAME=""\nVERSION_ID=1')).toBeUndefined();
  });

  it('is what the kernel says where there is no such file', () => {
    expect(systemName('/nowhere/os-release')).toEqual({ name: type(), version: version() });
  });
});
