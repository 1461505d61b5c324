import { type TimelineEvent, timelineModel } from './timeline-model.js';
import { timelineScript } from './timeline-script.js';

/** What a page is about. */
export interface Timeline {
  readonly title: string;
  /** Shown under the title, one per line. */
  readonly facts: readonly string[];
  readonly events: readonly TimelineEvent[];
  /** Number of the event that is marked, or -1. */
  readonly marked: number;
}

const style = `body{font:13px system-ui,sans-serif;margin:0;color:#222;background:#fff}
header{padding:8px 12px;border-bottom:1px solid #ccc;position:sticky;top:0;background:#fff;z-index:2}
h1{font-size:15px;margin:0 0 4px}pre{margin:0;white-space:pre-wrap}
#view{height:calc(100vh - 240px);overflow:auto;position:relative}svg{position:absolute;top:0;left:0;pointer-events:none}
#detail{height:88px;overflow:auto;padding:6px 12px;border-top:1px solid #ccc;font-family:monospace}
.row{position:absolute;height:18px;line-height:18px;left:0;right:0;white-space:nowrap;cursor:pointer}
.row:hover{background:#eef}.mark{background:#fdd}.text{position:absolute;font-family:monospace}
.t{position:absolute;width:70px;text-align:right;color:#777}.lane{stroke:#bbb}.arrow,.stub{stroke-width:1.2;opacity:.8}
.stub{stroke-dasharray:2 2}rect{fill:#e8eef8;opacity:.6}.s-normal{fill:#dff0df}.s-normal.odd{fill:#cfe6cf}
.s-view-change{fill:#e6dcf5}.s-recovering{fill:#fbf0d0}.s-down{fill:#cfcfcf}.d-durable{fill:#2a8a3a;opacity:1}
.d-unsynced{fill:#e0b000;opacity:1}.d-busy{fill:#e07000;opacity:1}.d-failed{fill:#c02020;opacity:1}
circle{fill:#888}.k-send{fill:#2070b0}.k-recv{fill:#208050}.k-fault,.k-heal{fill:#a06000}.k-view,.k-status{fill:#7048a0}
.k-crash,.k-power,.k-halt,.k-refused,.k-verdict,.marked{fill:#b02020}`;

/**
 * A page that shows a timeline: a lane per replica and client, time downwards, messages as arrows, lost
 * ones as stubs, view and status as the background of a lane, its disk as a strip; filters by kind, lane,
 * group and text; the marked event in view, what is clicked in detail. One file without outside references.
 */
export function timelinePage({ title, facts, events, marked }: Timeline): string {
  const data = JSON.stringify({ events, marked, model: timelineModel(events) }).replaceAll(
    '<',
    '\\u003c',
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title><style>${style}</style></head>
<body><header><h1>${escaped(title)}</h1><pre>${escaped(facts.join('\n'))}</pre>
<label>kind <select id="kind"><option value="">all</option></select></label>
<label>lane <select id="lane"><option value="">all</option></select></label>
<label>group <select id="group"><option value="">all</option></select></label>
<label>text <input id="find"></label></header><div id="view"></div><pre id="detail"></pre>
<script type="application/json" id="data">${data}</script><script>${timelineScript}</script></body></html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
