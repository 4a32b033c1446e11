'use strict';
(() => {
const D = JSON.parse(document.getElementById('data').textContent);
const $ = id => document.getElementById(id);
let stage = 0, block = 0, chosen = null, tab = 'text', scale = 0;

function el(tag, attributes, ...children) {
  const e = document.createElement(tag);
  for (const [k, v] of Object.entries(attributes || {})) k === 'onclick' ? e.addEventListener('click', v) : e.setAttribute(k, v);
  for (const c of children) e.append(c);
  return e;
}
const S = () => D.stages[stage];
const B = () => S().blocks[block];
const nodeOf = name => B().nodes.find(n => n.name === name);

D.stages.forEach((s, i) => $('stages').append(el('li', {}, el('button', {onclick: () => go(i)}, s.title))));

function go(to) {
  if (to < 0 || to >= D.stages.length) return;
  const name = B().name;
  stage = to;
  block = Math.max(0, S().blocks.findIndex(b => b.name === name));
  chosen = null;
  scale = 0;
  $('block').replaceChildren(...S().blocks.map((b, i) => el('option', {value: i}, b.name)));
  draw();
}

function fill(box, from, of, gone) {
  box.replaceChildren(document.getElementById('p' + from + '-' + of).content.cloneNode(true));
  if (gone) box.querySelectorAll('.n').forEach(g => {
    g.classList.remove('new', 'moved');
    const mark = gone[g.dataset.n];
    if (mark && !g.classList.contains('out')) g.classList.add(mark);
  });
}

function draw() {
  [...$('stages').querySelectorAll('button')].forEach((b, i) => i === stage ? b.setAttribute('aria-current', 'step') : b.removeAttribute('aria-current'));
  $('back').disabled = stage === 0;
  $('next').disabled = stage === D.stages.length - 1;
  $('note').textContent = S().note;
  $('block').value = block;
  $('block').parentElement.hidden = S().blocks.length < 2;
  fill($('after'), stage, block);
  const old = stage && D.stages[stage - 1].blocks.findIndex(b => b.name === B().name);
  $('beside').parentElement.hidden = stage === 0 || old < 0;
  const beside = $('beside').checked && stage > 0 && old >= 0;
  $('before').hidden = !beside;
  if (beside) fill($('before'), stage - 1, old, S().gone[old]);
  zoom();
  home();
  panel();
}

/* As large as fits, but readable; `whole` has it fit in any case. */
function zoom(by, whole) {
  const svg = $('after').querySelector('svg'), width = svg.viewBox.baseVal.width;
  const fit = Math.min(1, ($('after').clientWidth - 20) / width);
  scale = by ? Math.min(3, Math.max(.05, scale * by)) : whole ? fit : scale || Math.max(.75, fit);
  document.querySelectorAll('.picture svg').forEach(s => {
    s.setAttribute('width', s.viewBox.baseVal.width * scale);
    s.setAttribute('height', s.viewBox.baseVal.height * scale);
  });
}

/* The uppermost box in the middle. */
function home() {
  for (const picture of document.querySelectorAll('.picture:not([hidden])')) {
    const boxes = [...picture.querySelectorAll('.n')].map(g => g.getBoundingClientRect());
    if (!boxes.length) continue;
    const top = boxes.reduce((a, b) => b.top < a.top ? b : a), frame = picture.getBoundingClientRect();
    picture.scrollTop = 0;
    picture.scrollLeft += (top.left + top.right - frame.left - frame.right) / 2;
  }
}

function select(name, box) {
  chosen = name;
  tab = 'node';
  mark(box);
  panel();
}

function mark(box) {
  document.querySelectorAll('.sel').forEach(e => e.classList.remove('sel'));
  const boxes = [...$('after').querySelectorAll('.n')];
  const all = boxes.map((g, i) => i).filter(i => boxes[i].dataset.n === chosen && (!box || boxes[i] === box));
  all.forEach(i => boxes[i].classList.add('sel'));
  $('after').querySelectorAll('.e').forEach(e => {
    if (e.dataset.e.split('-').some(end => all.includes(+end))) e.classList.add('sel');
  });
  if (box) box.scrollIntoView({block: 'nearest', inline: 'nearest'});
}

function lines(texts, marks) {
  const box = el('div', {class: 'lines'});
  texts.forEach((t, i) => box.append(el('div', {class: marks[i] || ''}, t || ' ')));
  return box;
}

function step(i) {
  const s = D.steps[i], box = el('div', {});
  box.append(el('h2', {}, s.title));
  const dl = el('dl', {});
  const row = (k, v) => v && dl.append(el('dt', {}, k), el('dd', {}, v));
  row('way', s.way); row('inside', s.within); row('run by', s.threads);
  row('called with', s.arguments); row('bytecode', s.methods);
  box.append(dl, el('details', s.open ? {open: ''} : {}, el('summary', {}, 'loop code of ' + s.kernel), el('pre', {}, D.listings[s.kernel] || 'left out, for the page to stay small')),
    el('details', {class: 'java'}, el('summary', {}, 'the same as Java source'), el('pre', {}, D.java[s.kernel] || 'left out, for the page to stay small')));
  return box;
}

function kernel(i) {
  const k = D.kernels[i], box = el('div', {});
  box.append(el('h2', {}, k.title));
  const dl = el('dl', {});
  dl.append(el('dt', {}, 'fused'), el('dd', {class: 'mono'}, k.nodes));
  dl.append(el('dt', {}, 'why not more'), el('dd', {}, k.apart || 'nothing kept it apart: no operand is made by a kernel that it could have joined'));
  dl.append(el('dt', {}, 'work'), el('dd', {}, k.work));
  const now = k.steps.filter(s => D.steps[s].open), other = k.steps.filter(s => !D.steps[s].open);
  const row = D.measured ? D.measured.kernels.findIndex(all => all.includes(i)) : -1;
  if (row >= 0) dl.append(el('dt', {}, 'measured'), el('dd', {}, D.measured.rows[row].map((c, j) => j && c && c + ' ' + D.measured.heads[j]).filter(c => c).join(', ')));
  box.append(dl, ...now.map(step));
  if (other.length) box.append(el('details', {class: 'other'}, el('summary', {}, 'other ways, not taken now: ' + other.length + (other.length === 1 ? ' step' : ' steps')), ...other.map(step)));
  return box;
}

const panels = {
  node() {
    if (!chosen) return [el('p', {}, 'Click on a box, or focus the picture and use the arrow keys.')];
    if (chosen.startsWith('kernel ')) return [kernel(+chosen.slice(7))];
    const n = nodeOf(chosen), dl = el('dl', {});
    const row = (k, v, css) => v && dl.append(el('dt', {}, k), el('dd', css ? {class: css} : {}, v));
    row('line', n.line, 'mono'); row('formula', n.formula, 'formula'); row('scope', n.scope, 'mono'); row('source', n.place, 'mono');
    const all = [el('h2', {}, n.name), dl];
    if (S().kernels) all.push(n.kernel === undefined ? el('p', {}, n.why) : kernel(n.kernel));
    return all;
  },
  text() {
    const box = lines(S().lines, S().marks);
    const n = chosen && !chosen.startsWith('kernel ') && nodeOf(chosen);
    if (n) box.children[n.at].classList.add('here');
    return [box];
  },
  changes() {
    if (!stage) return [el('p', {}, 'The graph as it was written.')];
    const cut = (l, m, css) => l.map((t, i) => [t.trim(), m[i]]).filter(([, c]) => c === css);
    const went = cut(D.stages[stage - 1].lines, S().went, 'del'), came = cut(S().lines, S().marks, 'add');
    return [el('h2', {}, 'went: ' + went.length), lines(went.map(l => l[0]), went.map(l => l[1])),
      el('h2', {}, 'came: ' + came.length), lines(came.map(l => l[0]), came.map(l => l[1]))];
  },
  kernels() {
    const t = el('table', {}, el('tr', {}, ...['kernel', 'work', 'why not more', 'bytecode'].map(h => el('th', {}, h))));
    D.kernels.forEach((k, i) => t.append(el('tr', {}, el('td', {}, el('a', {href: '#', onclick: e => { e.preventDefault(); toKernel(i); }}, k.title)),
      el('td', {}, k.work), el('td', {}, k.apart), el('td', {}, k.steps.map(s => D.steps[s].methods).join('; ')))));
    return [t];
  },
  measured() {
    const m = D.measured, t = el('table', {class: 'numbers'}, el('tr', {}, ...m.heads.map(h => el('th', {}, h))));
    m.rows.forEach((r, i) => t.append(el('tr', {}, el('td', {}, i < m.kernels.length ? el('a', {href: '#', onclick: e => { e.preventDefault(); toKernel(m.kernels[i][0]); }}, r[0]) : r[0]),
      ...r.slice(1).map(c => el('td', {}, c)))));
    return [...m.head.map(h => el('p', {}, h)), $('roofline').content.cloneNode(true), t];
  },
  arrays: () => [lines(D.arrays, [])],
  listing: () => [el('pre', {}, D.listing)],
};

function toKernel(i) {
  if (!S().kernels) go(D.stages.length - 1);
  const at = S().blocks.findIndex(b => b.nodes.some(n => n.kernel === i));
  if (at >= 0 && at !== block) { block = at; draw(); }
  chosen = 'kernel ' + i;
  tab = 'node';
  mark();
  const frame = $('after').querySelector('.k[data-k="' + i + '"]');
  if (frame) { frame.classList.add('sel'); frame.scrollIntoView({block: 'nearest', inline: 'nearest'}); }
  panel();
}

function panel() {
  document.querySelectorAll('#tabs button').forEach(b => b.setAttribute('aria-selected', b.dataset.t === tab));
  $('panel').replaceChildren(...panels[tab]());
  const here = $('panel').querySelector('.here');
  if (here) here.scrollIntoView({block: 'nearest'});
}

$('tabs').addEventListener('click', e => { if (e.target.dataset.t) { tab = e.target.dataset.t; panel(); } });
$('back').addEventListener('click', () => go(stage - 1));
$('next').addEventListener('click', () => go(stage + 1));
$('block').addEventListener('change', e => { block = +e.target.value; chosen = null; scale = 0; draw(); });
$('beside').addEventListener('change', () => { scale = 0; draw(); mark(); });
$('in').addEventListener('click', () => zoom(1.25));
$('out').addEventListener('click', () => zoom(.8));
$('fit').addEventListener('click', () => zoom(0, true));
$('after').addEventListener('click', e => {
  const n = e.target.closest('.n'), k = e.target.closest('.k');
  if (n) select(n.dataset.n, n); else if (k) toKernel(+k.dataset.k);
});
addEventListener('resize', () => zoom());

/* In the picture: up to an operand, down to a reader, left and right through all boxes. */
$('after').addEventListener('keydown', e => {
  const all = [...$('after').querySelectorAll('.n')], isNode = i => all[i] && !all[i].classList.contains('out');
  const at = all.findIndex(g => g.classList.contains('sel'));
  const pairs = [...$('after').querySelectorAll('.e')].map(p => p.dataset.e.split('-').map(Number));
  const names = all.map((g, i) => i).filter(isNode);
  const place = names.indexOf(at);
  let to;
  if (e.key === 'ArrowLeft') to = names[Math.max(0, place - 1)];
  else if (e.key === 'ArrowRight') to = names[Math.min(names.length - 1, place + 1)];
  else if (e.key === 'ArrowUp') to = (pairs.find(p => p[1] === at) || [])[0];
  else if (e.key === 'ArrowDown') to = (pairs.find(p => p[0] === at && isNode(p[1])) || [])[1];
  else return;
  e.preventDefault();
  e.stopPropagation();
  if (to !== undefined) select(all[to].dataset.n, all[to]);
});
addEventListener('keydown', e => {
  if (e.ctrlKey || e.metaKey || e.altKey || /SELECT|INPUT/.test(e.target.tagName)) return;
  if (e.key === 'ArrowLeft') go(stage - 1);
  else if (e.key === 'ArrowRight') go(stage + 1);
  else if (e.key === '+') zoom(1.25);
  else if (e.key === '-') zoom(.8);
  else if (e.key === '0') zoom(0, true);
});
document.querySelector('[data-t=measured]').hidden = !D.measured;
go(0);
})();
