/** Directory of the metadata group below a node's directory. */
export const metadataDirectory = 'metadata';

/** Empty file: this node was wiped on purpose and has not rejoined. */
export const joiningMark = 'joining';
