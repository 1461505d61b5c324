import type { FormParser, FormSink } from './form.js';

/** Raw bytes: what comes in goes out. */
export function binaryParser(sink: FormSink): FormParser {
  return {
    push: (chunk) => sink.bytes(chunk, undefined),
    end: () => undefined,
  };
}
