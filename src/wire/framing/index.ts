export * from './detect.js';
export { type FrameFamily, frameSizeMax } from './family.js';
export * from './frame-splitter.js';
export * from './small-frames.js';
