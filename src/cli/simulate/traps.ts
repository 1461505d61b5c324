import { promiseHooks } from 'node:v8';
import { IggyctlError } from '../../base/index.js';

/** Code that must be a function of its inputs reached for the world. */
export class TrapError extends IggyctlError<'TRAP'> {
  constructor(name: string) {
    super('TRAP', `trap: ${name} was used inside a simulation`, {});
  }
}

const functionsOf: readonly (readonly [object, readonly string[]])[] = [
  [Date, ['now']],
  [
    Math,
    [
      ...['random', 'sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'atan2', 'sinh', 'cosh', 'tanh'],
      ...['exp', 'expm1', 'log', 'log1p', 'log2', 'log10', 'cbrt', 'hypot'],
    ],
  ],
  [performance, ['now']],
  [process, ['hrtime', 'nextTick', 'memoryUsage', 'cpuUsage']],
  [crypto, ['getRandomValues', 'randomUUID']],
  [String.prototype, ['localeCompare', 'toLocaleLowerCase', 'toLocaleUpperCase']],
  [Number.prototype, ['toLocaleString']],
  [
    globalThis,
    [
      ...['Date', 'Intl', 'WeakRef', 'FinalizationRegistry', 'fetch', 'queueMicrotask'],
      ...['setTimeout', 'setInterval', 'setImmediate'],
    ],
  ],
];

/**
 * Runs something synchronous with every forbidden global behind a trap, and fails it when it made a
 * promise. Passing through `untrapped` lifts that for a call back to the outside. @throws TRAP
 */
export function withTraps<T>(run: (untrapped: <R>(call: () => R) => R) => T): T {
  const real = functionsOf.map(
    ([owner, names]) => [owner, names.map((name) => descriptorOf(owner, name))] as const,
  );
  let promises = 0;
  let unhook: unknown;
  const arm = () => {
    for (const [owner, names] of functionsOf) {
      for (const name of names) setTrap(owner, name);
    }
    unhook = promiseHooks.onInit(() => {
      promises += 1;
    });
  };
  const disarm = () => {
    if (typeof unhook === 'function') Reflect.apply(unhook, undefined, []);
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
    const result = run((call) => {
      disarm();
      try {
        return call();
      } finally {
        arm();
      }
    });
    if (promises > 0) throw new TrapError('a promise');
    return result;
  } finally {
    disarm();
  }
}

function setTrap(owner: object, name: string): void {
  const trapped = (): never => {
    throw new TrapError(name);
  };
  // To look at it is enough: some of these are called with `new`, others hold functions of their own.
  Object.defineProperty(owner, name, { get: trapped, configurable: true });
}

function descriptorOf(owner: object, name: string) {
  return { name, descriptor: Object.getOwnPropertyDescriptor(owner, name) };
}
