/**
 * What a page runs: it draws the rows that are in view, with the arrows that cross them, and shows an
 * event that is clicked. Plain text, since it goes into the page as it is.
 */
export const timelineScript = `const d=JSON.parse(document.getElementById('data').textContent);
const by=id=>document.getElementById(id),view=by('view'),kind=by('kind'),lane=by('lane'),group=by('group'),find=by('find');
const E=d.events,L=d.model.lanes,h=18,gap=64,left=84,wide=left+L.length*gap;
const x=l=>left+L.indexOf(l)*gap+gap/2;
const esc=s=>s.replace(/[&<>"]/g,c=>({'&':'&amp;','<':'&lt;','>':'&gt;','"':'&quot;'}[c]));
const groupOf=e=>{const m=/of partition (\\d+)/.exec(e.text);return m?m[1]:e.k==='send'||e.k==='recv'?'metadata':''};
const fill=(box,names)=>{for(const n of names)box.add(new Option(n,n))};
fill(kind,[...new Set(E.map(e=>e.k))].sort());fill(lane,L);fill(group,[...new Set(E.map(groupOf))].filter(Boolean).sort());
const to=new Map(),from=new Map();for(const[a,b]of d.model.arrows){if(!to.has(a))to.set(a,[]);to.get(a).push(b);from.set(b,a)}
const hues=['#2070b0','#208050','#a06000','#7048a0','#b03060','#508000','#006080','#905030'];const colours=new Map();
const nameOf=e=>e.text.split(' ')[2]||'';
const colour=e=>{const n=nameOf(e);if(!colours.has(n))colours.set(n,hues[colours.size%hues.length]);return colours.get(n)};
let rows=[],place=new Map(),crossing=new Map();
function filter(){rows=[];E.forEach((e,i)=>{if((!kind.value||e.k===kind.value)&&(!lane.value||e.r===lane.value)&&
(!group.value||groupOf(e)===group.value)&&(!find.value||e.text.includes(find.value)))rows.push(i)});
place=new Map(rows.map((e,row)=>[e,row]));crossing=new Map();
for(const[a,b]of d.model.arrows){const p=place.get(a),q=place.get(b);if(p===undefined||q===undefined)continue;
for(let c=p>>7;c<=q>>7;c++){if(!crossing.has(c))crossing.set(c,[]);crossing.get(c).push([p,q])}}draw()}
const last=(spans,i)=>{let a=0,b=spans.length;while(a<b){const m=a+b>>1;if(spans[m].at<=i)a=m+1;else b=m}return a-1};
function bands(spans,first,end,paint){let out='',at=last(spans,rows[first]??0);let top=first;
for(;top<end;){const next=spans[at+1];let stop=end;
if(next!==undefined){stop=top;while(stop<end&&rows[stop]<next.at)stop++}
const s=spans[at];if(s!==undefined&&stop>top)out+=paint(s,top*h,(stop-top)*h);top=stop;at++;if(next===undefined)break}return out}
function draw(){const first=Math.max(0,Math.floor(view.scrollTop/h)-20),end=Math.min(rows.length,first+140);let s='';
for(const l of L){const c=x(l);
s+=bands(d.model.spans[l]||[],first,end,(b,y,z)=>'<rect class="s-'+esc(b.status)+(b.view%2?' odd':'')+'" x="'+(c-gap/2+4)+'" y="'+y+'" width="'+(gap-8)+'" height="'+z+'"><title>'+esc(l+' '+b.status+', view '+b.view)+'</title></rect>');
s+=bands(d.model.disks[l]||[],first,end,(b,y,z)=>'<rect class="d-'+b.state+'" x="'+(c-gap/2+4)+'" y="'+y+'" width="4" height="'+z+'"><title>'+esc('disk of '+l+': '+b.state)+'</title></rect>');
s+='<line class="lane" x1="'+c+'" x2="'+c+'" y1="'+first*h+'" y2="'+end*h+'"/>'}
const drawn=new Set();for(let c=first>>7;c<=end>>7;c++)for(const p of crossing.get(c)||[]){const key=p[0]+' '+p[1];
if(drawn.has(key)||p[1]<first||p[0]>end)continue;drawn.add(key);const a=E[rows[p[0]]],b=E[rows[p[1]]];
s+='<line class="arrow" x1="'+x(a.r)+'" y1="'+(p[0]*h+9)+'" x2="'+x(b.r)+'" y2="'+(p[1]*h+9)+'" stroke="'+colour(a)+'" marker-end="url(#tip)"/>'}
let text='';for(let row=first;row<end;row++){const i=rows[row],e=E[i],c=x(e.r),y=row*h+9;
if(e.k==='send'&&!to.has(i)){const peer=e.text.split(' ')[1];const way=L.includes(peer)&&x(peer)<c?-14:14;
s+='<line class="stub" x1="'+c+'" y1="'+y+'" x2="'+(c+way)+'" y2="'+(y+5)+'" stroke="'+colour(e)+'"/>'}
s+='<circle class="k-'+esc(e.k)+(e.n===d.marked?' marked':'')+'" cx="'+c+'" cy="'+y+'" r="'+(e.n===d.marked?6:3)+'"/>';
text+='<div class="row'+(e.n===d.marked?' mark':'')+'" data-i="'+i+'" style="top:'+row*h+'px"><span class="t">'+e.t+
'</span><span class="text" style="left:'+wide+'px"><b>'+esc(e.r)+' '+esc(e.k)+'</b> '+esc(e.text)+'</span></div>'}
view.innerHTML='<div style="height:'+rows.length*h+'px"></div>'+text+'<svg width="'+wide+'" height="'+rows.length*h+
'"><defs><marker id="tip" viewBox="0 0 6 6" refX="6" refY="3" markerWidth="6" markerHeight="6" orient="auto"><path d="M0 0L6 3L0 6z"/></marker></defs>'+s+'</svg>'}
const stateOf=(r,i)=>{const out={};for(const k of['view','status','commit'])for(let j=i;j>=0;j--)if(E[j].r===r&&E[j].k===k){out[k]=E[j].text;break}return out};
function show(i){const e=E[i];let s='tick '+e.t+', event '+e.n+', '+e.r+'\\n'+e.k+' '+e.text;
for(const b of to.get(i)||[])s+='\\narrives at tick '+E[b].t+' (event '+E[b].n+')';
if(e.k==='send'&&!to.has(i))s+='\\ndoes not arrive';
if(from.has(i)){const a=E[from.get(i)];s+='\\nsent at tick '+a.t+' (event '+a.n+')'}
if(e.r[0]==='r'){const old=stateOf(e.r,i-1),now=stateOf(e.r,i);for(const k of['view','status','commit'])
if(now[k]!==undefined)s+='\\n'+k+': '+(old[k]===now[k]?now[k]:(old[k]??'none')+' -> '+now[k])}by('detail').textContent=s}
view.addEventListener('click',c=>{const row=c.target.closest('.row');if(row)show(Number(row.dataset.i))});
for(const box of[kind,lane,group,find])box.addEventListener('input',filter);view.addEventListener('scroll',draw);filter();
const at=rows.findIndex(i=>E[i].n===d.marked);if(at>=0){view.scrollTop=Math.max(0,at*h-200);show(rows[at]);draw()}`;
