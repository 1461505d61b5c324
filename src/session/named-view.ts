import { Operation, replyView } from '../wire/index.js';

/** Their replies repeat the view of the request, in which clients say nothing. */
const echoing: ReadonlySet<number> = new Set([
  Operation.Register,
  Operation.NonReplicated,
  Operation.Logout,
  Operation.CreatePersonalAccessToken,
]);

/** The view in which what a reply is about was committed; nothing where the reply does not tell. */
export function namedView(reply: Uint8Array): number | undefined {
  // What was refused before it was replicated is answered with the request's own fields, too.
  const isCommitted = replyView.status(reply) === 0 && !echoing.has(replyView.operation(reply));
  return isCommitted ? replyView.view(reply) : undefined;
}
