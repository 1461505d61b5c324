import { on } from './on.mjs';

// Faults that sit in one expression share its edit.

/** M12, M51: which ops may be acknowledged. */
export const ackRange = {
  file: 'src/consensus/acks.ts',
  find: '  if (op > r.runTop || op > r.head || r.amnesia',
  replace: `  if ((!${on('M51')} && !${on('M12')} && op > r.runTop) || (!${on('M12')} && op > r.head) || r.amnesia`,
};

/** M11, M49: whom a prepare may come from. */
export const provenance = {
  file: 'src/consensus/rules/on-prepare.ts',
  find: '  if (op <= r.commitMin) return true;\n  const isKnown',
  replace: `  if (op <= r.commitMin || ${on('M49')}) return true;
  if (${on('M11')} && prepareView(frame) < r.view) return true;
  const isKnown`,
};

/** M09, M46: what a vote nacks. */
export const nacked = {
  file: 'src/consensus/own-suffix.ts',
  find: 'else if (held === undefined && at > commit && at > r.lostUpTo) nack |= bit;',
  replace: `else if (held === undefined && at > commit && (${on('M09')} || at > r.lostUpTo) && !(${on('M46')} && r.viewHeaders.has(at))) nack |= bit;`,
};

/** M20, M21: what a login does to a session that is there. */
export const rebind = {
  file: 'src/consensus/client-table/client-table.ts',
  find: '    entry.epoch = register.op;',
  replace: `    entry.epoch = ${on('M21')} ? entry.epoch + 1 : register.op;
    if (${on('M20')}) entry.watermark = 0n;`,
};
