import type { Disk } from '../ports/index.js';

/** A disk whose power can be cut, and that tells when it is at rest. */
export interface CrashableDisk
  extends Required<Omit<Disk, 'view' | 'reserve'>>,
    Pick<Disk, 'view' | 'reserve'> {
  /**
   * Power cut: what was not synced is gone and no completion of an earlier call is reported any
   * more. Usable again once {@link settled} resolved.
   */
  crash(): void;
  /** Resolves when no operation is under way; completions were reported by then. */
  settled(): Promise<void>;
  /** Lets go of everything held open. Only when {@link settled}. */
  close(): void;
}
