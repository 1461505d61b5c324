// The hash is a WebAssembly module of nine kilobytes. Its library has it compiled in a background thread
// and linked in a later turn of the event loop, and waiting for both takes many times as long as doing
// them: too long for a command whose whole work is done in less. To be imported before anything that
// uses the hash.

interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => unknown;
  readonly Instance: new (module: unknown, imports: object) => unknown;
  compile: (bytes: Uint8Array) => Promise<unknown>;
  instantiate: (module: unknown, imports: object) => Promise<unknown>;
}

// The standard library's types leave this global to those of browsers.
const { WebAssembly: api } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi };
api.compile = (bytes) => Promise.resolve(new api.Module(bytes));
api.instantiate = (module, imports) => Promise.resolve(new api.Instance(module, imports));
