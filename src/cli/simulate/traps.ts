import { IggyctlError } from '../../base/index.js';

/** Code that must be a function of its inputs reached for the world. */
class TrapError extends IggyctlError<'TRAP'> {
  constructor(name: string) {
    super('TRAP', `trap: ${name} was used inside a simulation`, {});
  }
}

const functionsOf: readonly (readonly [object, readonly string[]])[] = [
  [Date, ['now']],
  [Math, ['random', 'sin', 'cos', 'tan', 'exp', 'log', 'log2', 'log10']],
  [performance, ['now']],
  [process, ['hrtime', 'nextTick', 'memoryUsage', 'cpuUsage']],
  [crypto, ['getRandomValues', 'randomUUID']],
  [globalThis, ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch']],
];

/**
 * Runs something synchronous with every forbidden global replaced by a function that throws.
 * Passing through `untrapped` lifts that for a call back to the outside.
 */
export function withTraps<T>(run: (untrapped: <R>(call: () => R) => R) => T): T {
  const real = functionsOf.map(
    ([owner, names]) => [owner, names.map((name) => descriptorOf(owner, name))] as const,
  );
  const arm = () => {
    for (const [owner, names] of functionsOf) {
      for (const name of names) {
        const trap = () => {
          throw new TrapError(name);
        };
        Object.defineProperty(owner, name, { value: trap, configurable: true, writable: true });
      }
    }
  };
  const disarm = () => {
    for (const [owner, found] of real) {
      for (const { name, descriptor } of found) {
        // What an object inherits is found again once its own property is gone.
        if (descriptor === undefined) Reflect.deleteProperty(owner, name);
        else Object.defineProperty(owner, name, descriptor);
      }
    }
  };
  arm();
  try {
    return run((call) => {
      disarm();
      try {
        return call();
      } finally {
        arm();
      }
    });
  } finally {
    disarm();
  }
}

function descriptorOf(owner: object, name: string) {
  return { name, descriptor: Object.getOwnPropertyDescriptor(owner, name) };
}
