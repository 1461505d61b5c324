/** One event of a timeline. */
export interface TimelineEvent {
  readonly n: number;
  /** Tick. */
  readonly t: number;
  /** Lane: `r0`… for replicas, `c0`… for clients, `-` for the world. */
  readonly r: string;
  readonly k: string;
  readonly text: string;
}

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
header{padding:8px 12px;border-bottom:1px solid #ccc;position:sticky;top:0;background:#fff}
h1{font-size:15px;margin:0 0 4px}pre{margin:0;white-space:pre-wrap}
#view{height:calc(100vh - 150px);overflow:auto;position:relative}
.row{position:absolute;height:20px;white-space:nowrap;left:0;right:0;font-family:monospace}
.row:hover{background:#eef}.mark{background:#fdd}.t{display:inline-block;width:70px;text-align:right;color:#777}
.lane{display:inline-block;width:26px;text-align:center;color:#bbb}.on{color:#fff;border-radius:3px}
.view,.status{background:#7048a0}.crash,.power,.halt,.refused,.verdict{background:#b02020}
.send{background:#2070b0}.recv{background:#208050}.commit{background:#606060}.fault,.heal{background:#a06000}
.start,.call,.return,.reply,.request,.connection,.log,.final,.io,.drop{background:#808080}`;

const script = `const d=JSON.parse(document.getElementById('data').textContent);
const lanes=[...new Set(d.events.map(e=>e.r))].sort((a,b)=>a.length-b.length||(a<b?-1:1));
const kinds=[...new Set(d.events.map(e=>e.k))].sort();const view=document.getElementById('view');
const kind=document.getElementById('kind'),lane=document.getElementById('lane'),find=document.getElementById('find');
for(const k of kinds)kind.add(new Option(k,k));for(const l of lanes)lane.add(new Option(l,l));
let shown=[];const esc=s=>s.replace(/[&<>]/g,c=>({'&':'&amp;','<':'&lt;','>':'&gt;'}[c]));
function filter(){shown=d.events.filter(e=>(!kind.value||e.k===kind.value)&&(!lane.value||e.r===lane.value)&&
(!find.value||e.text.includes(find.value)));draw()}
function draw(){const h=20,from=Math.max(0,Math.floor(view.scrollTop/h)-20),to=Math.min(shown.length,from+120);
let html='<div style="height:'+shown.length*h+'px"></div>';for(let i=from;i<to;i++){const e=shown[i];
html+='<div class="row'+(e.n===d.marked?' mark':'')+'" style="top:'+i*h+'px"><span class="t">'+e.t+'</span> '+
lanes.map(l=>'<span class="lane'+(l===e.r?' on '+e.k:'')+'">'+(l===e.r?esc(l):'|')+'</span>').join('')+
' <b>'+esc(e.k)+'</b> '+esc(e.text)+'</div>'}view.innerHTML=html}
for(const x of[kind,lane,find])x.addEventListener('input',filter);view.addEventListener('scroll',draw);filter();
const at=shown.findIndex(e=>e.n===d.marked);if(at>0){view.scrollTop=Math.max(0,at*20-200);draw()}`;

/**
 * A page that shows a timeline: a lane per replica and client, time downwards, filters by kind, lane
 * and text, the marked event in view. One file without outside references.
 */
export function timelinePage({ title, facts, events, marked }: Timeline): string {
  const data = JSON.stringify({ events, marked }).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title><style>${style}</style></head>
<body><header><h1>${escaped(title)}</h1><pre>${escaped(facts.join('\n'))}</pre>
<label>kind <select id="kind"><option value="">all</option></select></label>
<label>lane <select id="lane"><option value="">all</option></select></label>
<label>text <input id="find"></label></header><div id="view"></div>
<script type="application/json" id="data">${data}</script><script>${script}</script></body></html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
