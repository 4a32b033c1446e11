const data = JSON.parse(document.getElementById('data').textContent);
const by = id => document.getElementById(id), svgNs = 'http://www.w3.org/2000/svg';
const parse = text => {
  const t = text.trim().replace('−', '-').replace('∞', 'Infinity');
  return t === '' ? undefined : t === 'NaN' ? NaN : Number.isNaN(Number(t)) ? undefined : Number(t);
};
const exact = x => Object.is(x, -0) ? '-0' : String(x);
/* What fits into a box: at most nine characters and a sign. */
const short = x => {
  if (x === null) return '';
  if (typeof x === 'boolean') return x ? 'true' : 'false';
  if (!Number.isFinite(x)) return Number.isNaN(x) ? 'NaN' : x < 0 ? '−∞' : '∞';
  const a = Math.abs(x), text = a !== 0 && (a < 1e-4 || a >= 1e6) ? x.toExponential(3) : String(Number(x.toPrecision(6)));
  return (Object.is(x, -0) ? '-0' : text).replaceAll('-', '−');
};
let x = data.inputs.map(i => parse(i.start)), now = compute(x);
const rows = data.inputs.map((input, i) => {
  const row = by('inputs').tBodies[0].insertRow(), cell = () => row.insertCell();
  const name = cell(), field = document.createElement('input'), slider = document.createElement('input');
  name.textContent = input.name;
  cell().append(field);
  field.size = 9;
  field.setAttribute('aria-label', input.name);
  const start = Number.isFinite(x[i]) ? x[i] : 0, far = Math.max(5, 2 * Math.abs(start));
  Object.assign(slider, {type: 'range', min: -far, max: far, step: far / 500});
  slider.setAttribute('aria-label', input.name + ', by hand');
  cell().append(slider);
  const gradient = cell();
  slider.addEventListener('input', () => set(i, Number(slider.value)));
  field.addEventListener('input', () => {
    const value = parse(field.value);
    field.setAttribute('aria-invalid', value === undefined);
    if (value !== undefined) set(i, value, field);
  });
  field.addEventListener('blur', () => { field.setAttribute('aria-invalid', false); show(); });
  by('over').append(new Option(input.name, i));
  if (input.gradient) {
    const line = document.createElement('div');
    line.textContent = input.gradient;
    by('formulas').append(line);
  }
  return {field, slider, gradient};
});
const boxes = [...document.querySelectorAll('.n')];
const node = name => data.boxes.indexOf(name);
function set(i, value, typed) {
  x[i] = value;
  by('note').textContent = '';
  show(typed);
}
function show(typed) {
  now = compute(x);
  rows.forEach((row, i) => {
    if (row.field !== typed) row.field.value = exact(x[i]);
    row.slider.value = x[i];
    row.gradient.textContent = '∂ ' + (short(now.gradients[node(data.inputs[i].name)]) || '0');
  });
  boxes.forEach(box => {
    const n = Number(box.dataset.n), g = now.gradients[n];
    box.querySelector('.value').textContent = short(now.values[n]);
    box.querySelector('.gradient').textContent = typeof now.values[n] === 'boolean' ? '' : '∂ ' + (g === null ? '0' : short(g));
  });
  plot();
}
function draw(name, attributes, text) {
  const element = document.createElementNS(svgNs, name);
  for (const key in attributes) element.setAttribute(key, attributes[key]);
  if (text !== undefined) element.textContent = text;
  by('plot').append(element);
}
function plot() {
  by('plot').replaceChildren();
  by('slope').textContent = '';
  if (!rows.length) return;
  const i = Number(by('over').value || 0), slider = rows[i].slider, wide = 480, high = 260, edge = 28;
  let low = Number(slider.min), far = Number(slider.max);
  if (Number.isFinite(x[i])) { low = Math.min(low, x[i]); far = Math.max(far, x[i]); }
  const points = [], at = x.slice();
  for (let k = 0; k <= 240; k++) {
    at[i] = low + (far - low) * k / 240;
    points.push([at[i], compute(at).values[data.at]]);
  }
  const f = now.values[data.at], g = now.gradients[node(data.inputs[i].name)] || 0;
  const finite = points.map(p => p[1]).concat(f).filter(Number.isFinite).sort((a, b) => a - b);
  if (!finite.length) { draw('text', {x: edge, y: high / 2}, 'no finite values here'); return; }
  /* A pole would flatten all else. */
  const cut = p => finite[Math.min(finite.length - 1, Math.floor(p * finite.length))];
  let bottom = cut(0), top = cut(1);
  const most = 6 * Math.max(cut(.95) - cut(.05), 1e-300);
  if (top - bottom > 3 * most) { bottom = cut(.02); top = cut(.98); }
  if (Number.isFinite(f)) { bottom = Math.min(bottom, f); top = Math.max(top, f); }
  if (top - bottom < 1e-12 * Math.max(1, Math.abs(top))) { top += 1; bottom -= 1; }
  const sx = v => edge + (v - low) / (far - low) * (wide - 2 * edge), sy = v => high - edge - (v - bottom) / (top - bottom) * (high - 2 * edge);
  if (low < 0 && far > 0) draw('line', {class: 'axis', x1: sx(0), x2: sx(0), y1: edge, y2: high - edge});
  if (bottom < 0 && top > 0) draw('line', {class: 'axis', x1: edge, x2: wide - edge, y1: sy(0), y2: sy(0)});
  let path = '', pen = false;
  for (const [a, b] of points) {
    const inside = Number.isFinite(b) && b >= bottom - (top - bottom) && b <= top + (top - bottom);
    path += inside ? (pen ? 'L' : 'M') + sx(a).toFixed(1) + ' ' + Math.min(high, Math.max(0, sy(b))).toFixed(1) : '';
    pen = inside;
  }
  draw('path', {class: 'curve', d: path || 'M0 0'});
  if (Number.isFinite(f) && Number.isFinite(g) && Number.isFinite(x[i])) {
    const reach = 60 / Math.hypot(1, g * (sy(0) - sy(1)) / (sx(1) - sx(0))) / (sx(1) - sx(0));
    draw('line', {class: 'tangent', x1: sx(x[i] - reach), y1: sy(f - g * reach), x2: sx(x[i] + reach), y2: sy(f + g * reach)});
    draw('circle', {cx: sx(x[i]), cy: sy(f), r: 5});
  }
  by('slope').textContent = 'slope ' + short(g);
  draw('text', {x: edge, y: high - 8}, short(low));
  draw('text', {x: wide - edge, y: high - 8, 'text-anchor': 'end'}, data.inputs[i].name + ' = ' + short(far));
  draw('text', {x: 4, y: edge - 8}, short(top));
  draw('text', {x: 4, y: high - edge - 4}, short(bottom));
}
function move(sign) {
  const rate = parse(by('rate').value), count = parse(by('count').value);
  if (!(rate > 0) || !Number.isFinite(rate) || !(count >= 1) || count > 100000) {
    by('note').textContent = 'expected a rate above 0, and 1 to 100000 steps';
    return;
  }
  const before = now.values[data.at];
  let done = 0;
  for (; done < Math.floor(count); done++) {
    const g = compute(x).gradients, next = x.map((v, i) => v + sign * rate * (g[node(data.inputs[i].name)] || 0));
    if (!next.every(Number.isFinite)) break;
    x = next;
  }
  show();
  by('note').textContent = done + (done === 1 ? ' step: ' : ' steps: ') + data.result + ' from ' + short(before) + ' to ' + short(now.values[data.at])
    + (done < Math.floor(count) ? '; the next would not be finite' : '');
}
by('over').addEventListener('change', plot);
by('down').addEventListener('click', () => move(-1));
by('up').addEventListener('click', () => move(1));
by('reset').addEventListener('click', () => { x = data.inputs.map(i => parse(i.start)); by('note').textContent = ''; show(); });
boxes.forEach(box => box.addEventListener('click', () => {
  const i = data.inputs.findIndex(input => input.name === data.boxes[box.dataset.n]);
  boxes.forEach(b => b.classList.toggle('on', b === box));
  if (i >= 0) { by('over').value = i; rows[i].field.focus(); plot(); }
}));
show();
