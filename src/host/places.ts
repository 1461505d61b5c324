/** Directory of the metadata group below a node's directory. */
export const metadataDirectory = 'metadata';

/** Which partitions were made here, each named once its own files were in place. */
export const madePartitionsFile = 'metadata/partitions.made';

/** Empty file: this node was wiped on purpose and has not rejoined. */
export const joiningMark = 'joining';
