// Words as points and arrows on a plane, two numbers a word. The reader moves a word; length, distance, angle, dot
// product and cosine of the two words touched last follow, as numbers and in the drawing. Several steps of a training
// get a slider; what was moved by hand is forgotten when it moves.
gptExplore('map', function (view, data, tools) {
  const { element, svg, drawing, number, say } = tools, { words, steps } = data;
  const frame = 300, reach = 18, [first, second, green] = data.colors;
  const extent = 1.25 * Math.max(...steps.flat(2).map(Math.abs)) || 1;
  // A key moves by a hundredth of the largest power of ten on the map, with Shift and the mouse by a tenth of that.
  const grain = 10 ** (Math.floor(Math.log10(extent)) - 2);
  let at = 0, places, pair, latest, timer = 0, size, zoom, ticks;

  const fit = part => +(grain * Math.round(Math.max(-extent, Math.min(extent, part)) / grain)).toFixed(12);
  const short = part => `${+part.toFixed(4)}`, signed = part => part < 0 ? `(${short(part)})` : short(part);
  const root = (x, y) => `√(${short(Math.abs(x))}² + ${short(Math.abs(y))}²)`;
  const pixels = ([x, y]) => [size / 2 + zoom * x, size / 2 - zoom * y];

  function restart() {
    places = steps[at].map(place => [...place]);
    [pair, latest] = [[...data.pair], 1];
  }

  function measure() {
    const [a, b] = pair.map(word => places[word]), dot = a[0] * b[0] + a[1] * b[1];
    const lengths = [a, b].map(place => Math.hypot(...place)), product = lengths[0] * lengths[1];
    const turn = Math.atan2(a[0] * b[1] - a[1] * b[0], dot), distance = Math.hypot(a[0] - b[0], a[1] - b[1]);
    return { a, b, dot, lengths, distance, turn, angle: Math.abs(turn) * 180 / Math.PI,
      cosine: product ? dot / product : null };
  }

  const line = (from, to, stroke, more) => svg('path', { d: `M${from}L${to}`, stroke, fill: 'none', ...more });

  function arrow(tip, stroke, more) {
    const [origin, [x, y]] = [pixels([0, 0]), pixels(tip)], far = Math.hypot(x - origin[0], y - origin[1]);
    const made = svg('g', { fill: stroke, ...more }, line(origin, [x, y], stroke));
    if (far < 12) return made;
    const [dx, dy] = [(x - origin[0]) / far, (y - origin[1]) / far], [backX, backY] = [x - 11 * dx, y - 11 * dy];
    const [wing, other] = [[backX - 5 * dy, backY + 5 * dx], [backX + 5 * dy, backY - 5 * dx]];
    made.append(svg('path', { d: `M${x} ${y}L${wing}L${other}z` }));
    return made;
  }

  function grid() {
    const raw = extent / 4, power = 10 ** Math.floor(Math.log10(raw));
    const unit = power * [1, 2, 5, 10].find(times => times * power >= raw), parts = [];
    ticks = [];
    for (let i = -Math.floor(extent / unit); i * unit <= extent; i++) {
      const [x, y] = pixels([i * unit, i * unit]), more = { 'stroke-opacity': i ? 0.12 : 0.45 };
      parts.push(line([x, 0], [x, size], 'currentColor', more), line([0, y], [size, y], 'currentColor', more));
      if (!i) continue;
      for (const [right, bottom] of [[x + 4, size / 2 + 14], [size / 2 - 4, y + 4]]) {
        const text = { x: right, y: bottom, opacity: 0.75, 'text-anchor': 'end' };
        parts.push(svg('text', text, short(i * unit)));
        ticks.push({ x: right - 8, y: bottom - 5, w: 16, h: 12 });
      }
    }
    return parts;
  }

  // What is measured: the way between the two, the angle, and the shadow of the first on the line of the second.
  function shapes({ a, b, dot, lengths, turn, cosine }) {
    const parts = [line(pixels(a), pixels(b), 'currentColor', { 'stroke-width': 1.5, 'stroke-dasharray': '6 4' })];
    if (cosine === null) return { parts };
    const foot = b.map(part => part * dot / lengths[1] ** 2), start = Math.atan2(a[1], a[0]), end = start + turn;
    const radius = Math.max(14, Math.min(34, 0.6 * zoom * Math.min(...lengths)));
    const on = (angle, far) => pixels([Math.cos(angle) * far / zoom, Math.sin(angle) * far / zoom]);
    parts.push(
      line(pixels([0, 0]), pixels(foot), second, { 'stroke-width': 9, 'stroke-opacity': 0.35 }),
      line(pixels(a), pixels(foot), 'currentColor', { 'stroke-dasharray': '1 4', 'stroke-width': 1.5 }),
      svg('path', { d: `M${on(start, radius)}A${radius} ${radius} 0 0 ${turn > 0 ? 0 : 1} ${on(end, radius)}`,
        stroke: green, fill: 'none', 'stroke-width': 3 }));
    return { parts, middle: on(start + turn / 2, radius + 18) };
  }

  function draw() {
    size = Math.min(tools.room(), 360);
    zoom = size / 2 / extent;
    const now = measure(), { a, b } = now, { parts, middle } = shapes(now);
    for (const [name, value] of Object.entries({ width: size, height: size, viewBox: `0 0 ${size} ${size}` }))
      plane.setAttribute(name, value);
    const color = word => [first, second][pair.indexOf(word)] || 'currentColor';
    const trails = words.map((_, word) => svg('polyline', {
      points: steps.slice(0, at + 1).map(table => pixels(table[word])).join(' '),
      fill: 'none', stroke: color(word), 'stroke-opacity': 0.6 }));
    const others = words.map((_, word) => word).filter(word => !pair.includes(word));
    backdrop.replaceChildren(...grid(), ...parts, ...trails,
      ...others.map(word => arrow(places[word], 'currentColor', { opacity: 0.5, 'stroke-width': 1.5 })),
      ...pair.map(word => arrow(places[word], color(word), { 'stroke-width': 3 })));
    handles.forEach((handle, word) => {
      const [x, y] = pixels(places[word]), isChosen = pair.includes(word);
      handle.setAttribute('transform', `translate(${x} ${y})`);
      handle.setAttribute('aria-pressed', isChosen);
      handle.setAttribute('aria-label', `${words[word]}, at ${places[word].map(short).join(' and ')}`);
      handle.lastChild.setAttribute('fill', color(word));
    });
    drawLabels(now, others, middle);

    const { lengths, distance, angle, dot, cosine } = now, nothing = 'an arrow of length 0 has no direction';
    const rows = [
      ...[a, b].map(([x, y], i) =>
        [i, `length of ${words[pair[i]]}`, lengths[i], root(x, y)]),
      [2, 'distance', distance, root(a[0] - b[0], a[1] - b[1])],
      [3, 'angle', cosine === null ? cosine : `${number(angle, 2)}°`, 'between the two arrows'],
      [4, 'dot product', dot, `${short(a[0])} × ${signed(b[0])} + ${signed(a[1])} × ${signed(b[1])}`],
      [5, 'cosine', cosine, `${short(dot)} ÷ (${lengths.map(short).join(' × ')})`]];
    measures.replaceChildren(element('caption', {}, `${words[pair[0]]} and ${words[pair[1]]}`),
      element('tbody', {}, ...rows.map(([i, name, value, how]) => element('tr', {},
        element('th', { scope: 'row' }, sample(i), name),
        element('td', {}, typeof value === 'number' ? short(value) : value || 'none'),
        element('td', { class: 'gx-note' }, value === null ? nothing : how)))));
    table.show(places, words);
    if (player) showStep();
  }

  // Where they cover no line, the words before the numbers.
  function drawLabels({ a, b, lengths, distance, angle }, others, middle) {
    const box = ([x, y], side) => ({ x, y, w: side, h: side }), origin = pixels([0, 0]);
    const along = (from, to) => [...Array(20).keys()].map(i =>
      box(from.map((part, c) => part + (to[c] - part) * i / 20), 5));
    const [tipA, tipB] = [a, b].map(pixels), half = ([x, y], [u, v]) => [(x + u) / 2, (y + v) / 2];
    // In a wide angle there is room for its label.
    const angled = angle > 60 && middle && { x: middle[0], y: middle[1], w: 42, h: 14 };
    const taken = { labels: angled ? [angled] : [], marks: [...ticks, ...along(tipA, tipB),
      ...places.flatMap(place => [box(pixels(place), 12), ...along(origin, pixels(place))])] };
    const put = (text, place, weight) => {
      const made = tools.label(text, place, taken, { w: size, h: size }, true);
      if (made) made.setAttribute('font-weight', weight);
      return made;
    };
    labels.replaceChildren(...[
      ...pair.map(word => put(words[word], pixels(places[word]), 'bold')),
      angled ? svg('text', { x: angled.x, y: angled.y + 4, 'text-anchor': 'middle' }, `${number(angle, 1)}°`)
        : middle && put(`${number(angle, 1)}°`, middle, 'normal'),
      ...[tipA, tipB].map((tip, i) => put(number(lengths[i], 2), half(origin, tip), 'normal')),
      put(number(distance, 2), half(tipA, tipB), 'normal'),
      ...others.map(word => put(words[word], pixels(places[word]), 'normal'))].filter(Boolean));
  }

  // How a measure looks in the drawing.
  function sample(i) {
    const look = [{ stroke: first, 'stroke-width': 3 }, { stroke: second, 'stroke-width': 3 },
      { stroke: 'currentColor', 'stroke-dasharray': '4 3', 'stroke-width': 1.5 }, { stroke: green, 'stroke-width': 3 },
      { stroke: second, 'stroke-width': 9, 'stroke-opacity': 0.35 }, { stroke: 'none' }][i];
    const d = i === 3 ? 'M2 11A9 9 0 0 1 18 11' : 'M1 7H19';
    return drawing(20, 14, { class: 'gx-sample', 'aria-hidden': true }, svg('path', { d, fill: 'none', ...look }));
  }

  const told = () => at === 0 ? `before step 1 of ${steps.length - 1}` : `step ${at} of ${steps.length - 1}`;

  function tell() {
    draw();
    const { lengths, distance, angle, dot, cosine } = measure(), [one, other] = pair.map(word => words[word]);
    const of = [one, other].map((word, i) => `${word}, length ${short(lengths[i])}`).join(', and ');
    const [turn, share] = cosine === null ? ['no angle', 'no cosine']
      : [`angle ${number(angle, 2)} degrees`, `cosine ${short(cosine)}`];
    say(`${player ? `${told()}. ` : ''}${of}: `
      + `distance ${short(distance)}, ${turn}, dot product ${short(dot)}, ${share}.`);
  }

  // The word that was touched longest ago gives way.
  function touch(word) {
    if (!pair.includes(word)) pair[1 - latest] = word;
    latest = pair.indexOf(word);
  }

  function grab(event, word) {
    if (event.button !== 0 || !event.isPrimary) return;
    const { clientX, clientY } = event, start = [...places[word]];
    let isMoving = false;
    stop();
    touch(word);
    const drag = ({ clientX: x, clientY: y }) => {
      isMoving = isMoving || Math.hypot(x - clientX, y - clientY) > 3;
      if (isMoving) places[word] = [fit(start[0] + (x - clientX) / zoom), fit(start[1] - (y - clientY) / zoom)];
      draw();
    };
    const drop = () => {
      for (const name of ['pointermove', 'pointerup', 'pointercancel'])
        window.removeEventListener(name, name === 'pointermove' ? drag : drop);
      tell();
    };
    window.addEventListener('pointermove', drag);
    window.addEventListener('pointerup', drop);
    window.addEventListener('pointercancel', drop);
    draw();
  }

  function keys(event, word) {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!way && event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    stop();
    touch(word);
    if (way) places[word] = places[word].map((part, c) => fit(part + way[c] * grain * (event.shiftKey ? 1 : 10)));
    tell();
  }

  function stop() {
    clearInterval(timer);
    timer = 0;
  }

  function go(step) {
    at = step;
    const touched = [pair, latest];
    restart();
    [pair, latest] = touched;
  }

  function tick() {
    if (view.isConnected && at < steps.length - 1) go(at + 1);
    if (at === steps.length - 1 || !view.isConnected) stop();
    timer ? draw() : tell();
  }

  function showStep() {
    const [play, slider, output] = player.children;
    slider.value = at;
    slider.setAttribute('aria-valuetext', told());
    output.textContent = told();
    play.textContent = timer ? 'Pause' : 'Play';
  }

  function playOrPause() {
    if (timer) { stop(); return tell(); }
    if (at === steps.length - 1) go(0);
    timer = setInterval(tick, frame);
    draw();
  }

  const player = steps.length > 1 && element('div', { class: 'gx-player' },
    element('button', { type: 'button', click: playOrPause }),
    element('input', { type: 'range', min: 0, max: steps.length - 1, 'aria-label': 'Step',
      input: event => { stop(); go(+event.target.value); tell(); } }), element('span', {}));
  const [backdrop, labels] = [svg('g'), svg('g', { class: 'gx-labels' })], name = view.closest('[data-explore]')
    .getAttribute('aria-label');
  // Made once: what is replaced while a finger is on it loses the finger.
  const handles = words.map((_, word) => {
    const made = svg('g', { role: 'button', tabindex: 0, class: 'gx-word', 'data-word': word },
      svg('circle', { r: reach, fill: 'transparent' }), svg('circle', { r: 4 }));
    made.addEventListener('pointerdown', event => grab(event, word));
    // An svg's parts have no touch-action that all browsers keep to: a finger on a word scrolls nothing.
    made.addEventListener('touchstart', event => event.preventDefault(), { passive: false });
    made.addEventListener('keydown', event => keys(event, word));
    made.addEventListener('click', () => { touch(word); tell(); });
    return made;
  });
  const plane = drawing(1, 1, { role: 'group', 'font-size': 13, 'aria-label': `${name}: the words as arrows` },
    backdrop, labels, ...handles);
  const measures = element('table', { class: 'gx-measures' });
  restart();
  const digits = places.flat().every(part => fit(part) === part) ? Math.max(0, -Math.log10(grain)) : 4;
  const table = tools.matrix({ caption: 'the two numbers of each word', rows: words, columns: ['across', 'up'],
    values: places, max: extent, digits: Math.round(digits) });
  const again = element('button', { type: 'button', click: () => { stop(); restart(); tell(); } }, 'Start again');
  view.append(element('p', { class: 'gx-title' }, name),
    element('p', {}, 'Drag a word, or move it with the arrow keys. The two words touched last are measured.'),
    player || '', element('div', { class: 'gx-row' }, element('div', {}, plane),
      element('div', { class: 'gx-side' }, measures, again, table)), tools.status);
  tools.status.className = 'gx-hidden';
  draw();
  tools.onResize(draw);
  return draw;
});
