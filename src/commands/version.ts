import { arch, platform } from 'node:os';
import { Command } from '@oclif/core';
import { version } from '../version.js';

interface VersionResult {
  readonly version: string;
  readonly platform: string;
  readonly arch: string;
  readonly node: string;
}

export default class Version extends Command {
  static override summary = 'Show the version of iggyctl and of Node.js.';
  static override enableJsonFlag = true;
  static override examples = ['<%= config.bin %> version', '<%= config.bin %> version --json'];

  override async run(): Promise<VersionResult> {
    await this.parse(Version);
    this.log(this.config.userAgent);
    return { version, platform: platform(), arch: arch(), node: process.version };
  }
}
