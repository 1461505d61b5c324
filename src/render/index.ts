export { humanDuration, humanSize, humanTime, isoTime } from './human.js';
export { type JsonOptions, toJson, toNdjsonLine } from './json.js';
export { type Pair, type RecordOptions, renderRecord } from './record.js';
export { ansiStyle, plainStyle, type Style, styleFor, type Tone } from './style.js';
export { type Cell, type Column, type Row, renderTable, type TableOptions } from './table.js';
export { displayWidth, padLeft, padRight, printable, stripStyle, truncate, wrap } from './text.js';
