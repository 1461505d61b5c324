/**
 * What a rule gives back: nothing. It has a name of its own, rather than `void`, because rules end
 * early by handing over to another rule: `return deny(core, request, status)`.
 */
export type Done = undefined;
